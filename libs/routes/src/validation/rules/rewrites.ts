import { each } from '../declared-route.ts';
import { rewriteFault } from '../../target-path.ts';

/** One way to make the upstream's path, from what the pattern has. */
export const rewritesRule = each(({ declaration: { rewrite, stripPrefix }, pattern }, fault) => {
  if (rewrite === undefined) return [];
  const both =
    stripPrefix === true ? [fault(['rewrite'], 'has rewrite and stripPrefix: keep one of them')] : [];
  const message = pattern && rewriteFault(pattern, rewrite);
  return message === undefined ? both : [...both, fault(['rewrite'], `rewrite ${rewrite} ${message}`)];
});
