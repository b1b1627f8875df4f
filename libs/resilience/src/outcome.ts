import { type Reason, GatewayError } from '@facet/errors';

/**
 * What an attempt says about its upstream. `ignored` says nothing (own refusals, clients that left, 4xx) and changes
 * no state.
 */
export type Outcome = 'success' | 'failure' | 'ignored';

/** Decides what an attempt says about its upstream. The name is also the injection token. */
export abstract class FailureJudge {
  abstract ofStatus(status: number): Outcome;
  abstract ofError(error: unknown): Outcome;
}

/** Reasons that tell of the upstream's health; any other error is our own or the client's. */
const failures: ReadonlySet<Reason> = new Set([
  'connection_refused',
  'connection_timeout',
  'connection_terminated',
  'upstream_timeout',
  'upstream_protocol_error',
  'upstream_response_incomplete',
  'upstream_dns_error',
  'upstream_dns_timeout',
  'upstream_tls_error',
]);

/**
 * The judge in use unless another is provided: 5xx and broken exchanges fail, 2xx and 3xx succeed, 4xx is ignored.
 * An answer over the byte cap is ignored too: a client who asks for much must not be able to open the circuit.
 */
export class StandardFailureJudge extends FailureJudge {
  override ofStatus(status: number): Outcome {
    // 501 and 505 are about the request, not about the upstream's health.
    if (status >= 500 && status !== 501 && status !== 505) return 'failure';
    return status >= 400 ? 'ignored' : 'success';
  }

  override ofError(error: unknown): Outcome {
    return error instanceof GatewayError && failures.has(error.reason) ? 'failure' : 'ignored';
  }
}
