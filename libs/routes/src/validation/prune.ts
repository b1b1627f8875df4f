import { type RouteFile } from '../declaration/route-file.schema.ts';
import { type SchemaFault, schemaFaults } from './schema-faults.ts';

const deepestNesting = 8;

type Container = Record<string | number, unknown>;

/** A copy of a source without what the schema refuses; routes may lack what is required of them. */
export function prune(value: unknown, faults: readonly SchemaFault[]): Partial<RouteFile> {
  if (typeof value !== 'object' || value === null || !Array.isArray((value as Container)['routes']))
    return {};
  const copy = structuredClone(value);
  // Each round may uncover a level more: what is left without a required member is itself removed.
  let left = faults.filter(isRemovable);
  for (let round = 0; left.length > 0 && round < deepestNesting; round++) {
    left.forEach((fault) => remove(copy, fault.path));
    left = schemaFaults(copy).filter(isRemovable);
  }
  return copy as Partial<RouteFile>;
}

/** What a route itself lacks can't be removed. */
function isRemovable({ path }: SchemaFault): boolean {
  return path.length > 2 || (path.length > 0 && path[0] !== 'routes');
}

/** Removes the member, or the whole list it is an element of, so that the places of the others stay true. */
function remove(root: object, path: readonly (string | number)[]): void {
  const listAt = path.findIndex((step, index) => index > 1 && typeof step === 'number');
  const steps = listAt === -1 ? path : path.slice(0, listAt);
  const parent = steps
    .slice(0, -1)
    .reduce<unknown>((node, step) => (node as Container | undefined)?.[step], root);
  const last = steps.at(-1);
  if (typeof parent === 'object' && parent !== null && last !== undefined) {
    Reflect.deleteProperty(parent, last);
  }
}
