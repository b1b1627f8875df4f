import { parsePattern } from '../../matching/path-pattern.ts';
import { each } from '../declared-route.ts';

/** A path must be a pattern. */
export const patternsRule = each(({ declaration: { path }, prefix }, fault) => {
  if (path === undefined) return [];
  const pattern = parsePattern(prefix + path);
  return typeof pattern === 'string' ? [fault(['path'], `path ${path} ${pattern}`)] : [];
});
