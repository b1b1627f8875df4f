import { connectionNames, type HeaderField, hopByHop } from './header-fields.ts';

/** What ends here; nobody needs to know what stands behind the gateway. */
const dropped: ReadonlySet<string> = new Set([...hopByHop, 'server', 'x-powered-by']);

/** The upstream's end-to-end fields: order, case and repetition kept, without what its `Connection` names. */
export function forwardedResponse(fields: readonly HeaderField[]): HeaderField[] {
  const named = connectionNames(fields);
  const kept: HeaderField[] = [];
  for (const field of fields) {
    const lower = field[0].toLowerCase();
    if (!dropped.has(lower) && !named?.has(lower)) kept.push(field);
  }
  return kept;
}
