import { type TSchema } from 'typebox';

/**
 * The same schema with every object in it open: staff see all an upstream says, also what was added since this was
 * written.
 */
export function openSchema<S extends TSchema>(schema: S): S {
  return open(schema) as S;
}

function open(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(open);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, open(value)]));
  // A record already says what its free members are.
  return copy['type'] === 'object' && !('patternProperties' in copy)
    ? { ...copy, additionalProperties: true }
    : copy;
}
