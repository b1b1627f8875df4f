import { type Clock, type Deadline, DerivedContext, type RequestContext } from '@facet/context';
import { GatewayError } from '@facet/errors';

/** What aborts a part from outside, with why. */
export type Abort = (reason: GatewayError) => void;

/**
 * Runs `work` under its own deadline and signal. The promise settles at the deadline or at an abort even when `work`
 * ignores its signal: a hung call must not hold the screen.
 * @param running holds the abort of this attempt while it runs
 */
export function attempt<T>(
  context: RequestContext,
  deadline: Deadline,
  clock: Clock,
  running: Set<Abort>,
  work: (context: RequestContext) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const abort: Abort = (reason) => {
      end();
      reject(reason);
      controller.abort(reason);
    };
    const reason = deadline === context.deadline ? 'deadline_exceeded' : 'upstream_timeout';
    const timer = clock.setTimeout(() => abort(new GatewayError(reason)), deadline.remainingMs());
    const end = () => {
      running.delete(abort);
      clock.clearTimeout(timer);
    };
    running.add(abort);
    work(new DerivedContext(context, deadline, controller.signal))
      .finally(end)
      .then(resolve, reject);
  });
}
