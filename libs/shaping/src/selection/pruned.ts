import { type Plan } from './plan.ts';

/**
 * The value without the members its plan does not want. What has not the shape the plan expects stays whole: to refuse
 * it is not for here.
 */
export function pruned(value: unknown, { members, items }: Plan): unknown {
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => pruned(item, items));
  if (members === undefined || typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, member]) => {
    const wanted = members.get(name);
    return wanted === undefined ? [] : [[name, pruned(member, wanted)] as const];
  });
  // Makes own members of all names: `__proto__` is one like any other.
  return Object.fromEntries(kept);
}
