/** What a request must show besides its path: an exact value, one of several, or (`true`) any. */
export type Condition = true | readonly string[];

/** Names with conditions; all must hold. */
export type Conditions = ReadonlyMap<string, Condition>;

/** Reads `{ name: value | [values] | true }`. */
export function toConditions(
  declared: Readonly<Record<string, string | readonly string[] | true>> | undefined,
  toName: (name: string) => string = (name) => name,
): Conditions {
  return new Map(
    Object.entries(declared ?? {}).map(([name, value]) => [
      toName(name),
      typeof value === 'string' ? [value] : value,
    ]),
  );
}

/** Header fields by their combined value, as Node joins it. */
export function headersHold(
  conditions: Conditions,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): boolean {
  for (const [name, condition] of conditions) {
    const value = headers[name];
    if (value === undefined) return false;
    if (condition !== true && (typeof value !== 'string' || !condition.includes(value))) return false;
  }
  return true;
}

/**
 * A parameter that stands more than once meets no exact condition: which one an upstream reads is anyone's guess, and
 * a guess must not pick the route.
 */
export function queryHolds(conditions: Conditions, query: string): boolean {
  if (conditions.size === 0) return true;
  const parameters = new URLSearchParams(query);
  for (const [name, condition] of conditions) {
    const values = parameters.getAll(name);
    if (values.length === 0) return false;
    if (condition !== true && (values.length > 1 || !condition.includes(values[0] ?? ''))) return false;
  }
  return true;
}

/** Whether whatever meets `narrow` meets `wide` too. */
export function conditionsCover(wide: Conditions, narrow: Conditions): boolean {
  return [...wide].every(([name, condition]) => {
    const other = narrow.get(name);
    if (other === undefined) return false;
    if (condition === true) return true;
    return other !== true && other.every((value) => condition.includes(value));
  });
}

/** Exact conditions before mere presence, more before fewer: higher is more specific. */
export function conditionsWeight(conditions: Conditions): number {
  return [...conditions.values()].reduce((weight, condition) => weight + (condition === true ? 100 : 101), 0);
}
