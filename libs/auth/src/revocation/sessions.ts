import { type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { Injectable } from '@nestjs/common';
import { bearerToken } from '../bearer/bearer-token.ts';
import { JwtStrategy } from '../bearer/jwt.strategy.ts';
import { Revocations } from './revocations.ts';

/** The most that a token is taken after its `exp`. */
const leewayMs = 30_000;
/** Of a token that does not say when it was issued. */
const assumedLifetimeMs = 86_400_000;

/** Ends sessions at the gateways, which otherwise take an access token until it expires. */
@Injectable()
export class Sessions {
  constructor(
    private readonly strategy: JwtStrategy,
    private readonly revocations: Revocations,
  ) {}

  /**
   * Revokes the session (`sid`) of the access token that a request carries, on all instances within 5 s, for as long
   * as any token of it may live. One without a good token of a session changes nothing: logging out always works.
   * A token stands for one revocation, whenever and on however many instances it is shown: its times are the token's
   * own, so that the shared list does not grow with the number of logouts.
   */
  async end({ headers: { authorization } }: StageRequest): Promise<void> {
    const token = typeof authorization === 'string' ? bearerToken(authorization) : undefined;
    if (token === undefined) return;
    const verified = await this.strategy.verify(token);
    if (verified instanceof GatewayError) return;
    const { principal, issuedAtMs, expiresAtMs } = verified;
    if (principal.sessionId === undefined) return;
    const lifetimeMs = issuedAtMs === 0 ? assumedLifetimeMs : expiresAtMs - issuedAtMs;
    // The last token of the session was issued while this one was still taken, at the latest.
    const untilMs = expiresAtMs + leewayMs + lifetimeMs + leewayMs;
    await this.revocations.add({ kind: 'session', id: principal.sessionId, atMs: issuedAtMs, untilMs });
  }
}
