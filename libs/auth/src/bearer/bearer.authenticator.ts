import { type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { Injectable } from '@nestjs/common';
import { invalidToken } from '../refusal/refusals.ts';
import { Revocations } from '../revocation/revocations.ts';
import { Authenticator, notMine, type Verdict } from '../authenticator.ts';
import { bearerToken } from './bearer-token.ts';
import { JwtStrategy } from './jwt.strategy.ts';
import { TokenCache } from './token-cache.ts';

/**
 * Access tokens in `Authorization: Bearer`. A token seen before is answered from the cache, at once; a new one is
 * verified by the passport strategy, once however many requests carry it at that moment. Refusals are not kept.
 */
@Injectable()
export class BearerAuthenticator extends Authenticator {
  override readonly kind = 'bearer';
  readonly #verifying = new Map<string, Promise<Verdict>>();

  constructor(
    private readonly strategy: JwtStrategy,
    private readonly cache: TokenCache,
    private readonly revocations: Revocations,
  ) {
    super();
  }

  override authenticate({ headers: { authorization } }: StageRequest): Verdict | Promise<Verdict> {
    if (typeof authorization !== 'string') return notMine;
    const token = bearerToken(authorization);
    if (token === undefined) return notMine;
    const known = this.cache.get(token);
    if (known === undefined) return this.#verifyOnce(token);
    return this.revocations.refuses(known) ? invalidToken('revoked') : known.principal;
  }

  #verifyOnce(token: string): Promise<Verdict> {
    const running = this.#verifying.get(token);
    if (running) return running;
    const verdict = this.#verify(token).finally(() => this.#verifying.delete(token));
    this.#verifying.set(token, verdict);
    return verdict;
  }

  async #verify(token: string): Promise<Verdict> {
    const result = await this.strategy.verify(token);
    if (result instanceof GatewayError) return result;
    this.cache.set(token, result);
    return result.principal;
  }
}
