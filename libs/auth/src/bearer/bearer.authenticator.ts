import { type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { Injectable } from '@nestjs/common';
import { invalidToken } from '../refusal/refusals.ts';
import { Revocations } from '../revocation/revocations.ts';
import { Authenticator, notMine, type Verdict } from '../authenticator.ts';
import { bearerToken } from './bearer-token.ts';
import { JwtStrategy } from './jwt.strategy.ts';
import { TokenCache, type VerifiedToken } from './token-cache.ts';

/** What a connection showed last, and what was found of it. */
interface Shown {
  authorization: string;
  token: VerifiedToken;
}

/**
 * Access tokens in `Authorization: Bearer`. A token seen before is answered from the cache, at once; a new one is
 * verified by the passport strategy, once however many requests carry it at that moment. Refusals are not kept. What a
 * connection showed last is compared before the cache is asked: most show one token for as long as they live, and to
 * compare two tokens costs far less than to hash one.
 */
@Injectable()
export class BearerAuthenticator extends Authenticator {
  override readonly kind = 'bearer';
  readonly #verifying = new Map<string, Promise<Verdict>>();
  readonly #shown = new WeakMap<object, Shown>();

  constructor(
    private readonly strategy: JwtStrategy,
    private readonly cache: TokenCache,
    private readonly revocations: Revocations,
  ) {
    super();
  }

  override authenticate({ headers: { authorization }, raw }: StageRequest): Verdict | Promise<Verdict> {
    if (typeof authorization !== 'string') return notMine;
    const shown = this.#shown.get(raw.socket);
    if (shown?.authorization === authorization && this.cache.holds(shown.token))
      return this.#judge(shown.token);
    const token = bearerToken(authorization);
    if (token === undefined) return notMine;
    const known = this.cache.get(token);
    if (known === undefined) return this.#verifyOnce(token);
    this.#keep(raw.socket, shown, authorization, known);
    return this.#judge(known);
  }

  #judge(token: VerifiedToken): Verdict {
    return this.revocations.refuses(token) ? invalidToken('revoked') : token.principal;
  }

  /** Written when a connection changes its mind, not on every request. */
  #keep(socket: object, shown: Shown | undefined, authorization: string, token: VerifiedToken): void {
    if (shown === undefined) this.#shown.set(socket, { authorization, token });
    else {
      shown.authorization = authorization;
      shown.token = token;
    }
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
