import { type Clock, type Deadline } from '@facet/context';
import { GatewayError } from '@facet/errors';

/** Waits for `work` as long as the request has time; then `deadline_exceeded`, and the work goes on for others. */
export function beforeDeadline<T>(work: Promise<T>, deadline: Deadline, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(
      () => reject(new GatewayError('deadline_exceeded')),
      deadline.remainingMs(),
    );
    work.then(resolve, reject).finally(() => clock.clearTimeout(timer));
  });
}
