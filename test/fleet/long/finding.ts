/** One figure of the fleet, and whether it is what it must be. */
export interface Finding {
  readonly what: string;
  readonly figure: string;
  readonly mustBe: string;
  readonly holds: boolean;
}

export function findingsTable(findings: readonly Finding[]): string {
  const rows = findings.map(({ what, figure, mustBe, holds }) => [
    what,
    figure,
    mustBe,
    holds ? 'yes' : 'NO',
  ]);
  return [['what', 'figure', 'must be', 'holds'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
