import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Call } from './call-stage.ts';

/** Why a call was given up: the reason of the signal when it is one of ours, else that the client left. */
export function abortReason(signal: AbortSignal): GatewayError {
  return signal.reason instanceof GatewayError ? signal.reason : new GatewayError('client_closed_request');
}

/** Whether nobody waits any more; makes no signal where the call knows without one. */
export function isAborted(call: Call): boolean {
  return call.cancellation?.isCancelled ?? call.signal.aborted;
}

/** Resolves after `delayMs`; rejects at once when the signal aborts, leaving neither timer nor listener. */
export function delay(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortReason(signal));
    const onAbort = (): void => {
      clock.clearTimeout(timer);
      reject(abortReason(signal));
    };
    const timer = clock.setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
