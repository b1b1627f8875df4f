import { Clock, type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { Injectable } from '@nestjs/common';
import { Authenticator, notMine, type Verdict } from '../authenticator.ts';
import { invalidApiKey } from '../refusal/refusals.ts';
import { Revocations } from '../revocation/revocations.ts';
import { type HeldKey } from './api-key-ring.ts';
import { ApiKeys } from './api-keys.ts';
import { FailureLimit } from './failure-limit.ts';

const legalKey = /^[A-Za-z0-9._~+/=-]{16,256}$/;

/**
 * API keys in `X-API-Key`: 16 to 256 characters of `A-Za-z0-9._~+/=-`, known by their SHA-256. An address with more
 * than 20 bad keys a minute is 429 for all its keys, before anything is hashed.
 */
@Injectable()
export class ApiKeyAuthenticator extends Authenticator {
  override readonly kind = 'apiKey';

  constructor(
    private readonly keys: ApiKeys,
    private readonly failures: FailureLimit,
    private readonly revocations: Revocations,
    private readonly clock: Clock,
  ) {
    super();
  }

  override authenticate({ headers, facet }: StageRequest): Verdict {
    const presented = headers['x-api-key'];
    if (presented === undefined) return notMine;
    const retryAfterMs = this.failures.waitMs(facet.clientAddress);
    if (retryAfterMs > 0) {
      facet.decisions.limit = 'api-key-failures';
      return new GatewayError('rate_limited', { detail: 'Too many invalid API keys', retryAfterMs });
    }
    const held =
      typeof presented === 'string' && legalKey.test(presented) ? this.keys.ring.find(presented) : undefined;
    if (held && this.#counts(held)) return held.principal;
    this.failures.record(facet.clientAddress);
    return invalidApiKey();
  }

  #counts({ principal, expiresAtMs }: HeldKey): boolean {
    return expiresAtMs > this.clock.now() && !this.revocations.refuses({ principal, issuedAtMs: 0 });
  }
}
