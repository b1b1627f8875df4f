/**
 * The same schema with every object closed: members it does not name are refused. An object that says itself what
 * may be added keeps its word; under `allOf` nothing is closed, as each branch would refuse the others' members.
 */
export function closedSchema(schema: object): object {
  return close(schema, true) as object;
}

function close(node: unknown, mayClose: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => close(item, mayClose));
  if (typeof node !== 'object' || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    // Values to compare with are data, not schemas.
    copy[key] =
      key === 'const' || key === 'enum' || key === 'default' ? value : close(value, key !== 'allOf');
  }
  const isOpenObject =
    copy['type'] === 'object' &&
    typeof copy['properties'] === 'object' &&
    copy['additionalProperties'] === undefined &&
    copy['unevaluatedProperties'] === undefined;
  if (mayClose && isOpenObject) copy['additionalProperties'] = false;
  return copy;
}
