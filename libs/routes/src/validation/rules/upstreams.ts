import { each } from '../declared-route.ts';
import { adHocUpstreamFault, isAdHocUpstream } from '../../ad-hoc-upstream.ts';

/** An upstream is declared by name, or a URL. */
export const upstreamsRule = each(({ declaration: { upstream, breaker } }, fault, { upstreams }) => {
  if (upstream === undefined) return [];
  if (upstreams.has(upstream)) {
    const message = `the breaker of upstream "${upstream}" is declared with it: leave it out here`;
    return breaker === undefined ? [] : [fault(['breaker'], message)];
  }
  if (isAdHocUpstream(upstream)) {
    const message = adHocUpstreamFault(upstream);
    return message === undefined ? [] : [fault(['upstream'], `upstream ${message}`)];
  }
  const known =
    upstreams.size === 0 ? 'none is declared' : `declared are ${[...upstreams].sort().join(', ')}`;
  return [fault(['upstream'], `upstream "${upstream}" is not known: ${known}; or write an http(s) URL`)];
});
