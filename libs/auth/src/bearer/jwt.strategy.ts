import { type JwtConfig } from '@facet/config';
import { type Clock, type Principal } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import { type KeySet } from '../keys/key-set.ts';
import { type VerificationKey } from '../keys/verification-key.ts';
import { invalidToken } from '../refusal/refusals.ts';
import { type Revocations } from '../revocation/revocations.ts';
import { type TierResolver } from '../tier-resolver.ts';
import { bearerToken } from './bearer-token.ts';
import { type VerifiedToken } from './token-cache.ts';
import { checkClaims, principalOf } from './token-claims.ts';
import { readTokenHeader, type TokenHeader } from './token-header.ts';

interface TokenRequest {
  readonly headers: { readonly authorization?: string };
}

/** By what a token is verified: found before its signature is checked, needed again after. */
interface Evidence {
  readonly header: TokenHeader;
  readonly key: VerificationKey;
}

const maxLeewaySeconds = 30;

/**
 * passport-jwt's strategy `jwt`, made strict: our checks of header, key and claims run inside it, so that
 * `AuthGuard('jwt')` of @nestjs/passport is as safe as our own stage. `req.user` is the `Principal`.
 */
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  readonly #tiers: TierResolver;
  readonly #revocations: Revocations;
  readonly #evidence: WeakMap<TokenRequest, Evidence>;

  /** @throws RangeError when the leeway is over 30 s */
  constructor(config: JwtConfig, keys: KeySet, tiers: TierResolver, revocations: Revocations, clock: Clock) {
    const { leewaySeconds } = config;
    if (!(leewaySeconds >= 0 && leewaySeconds <= maxLeewaySeconds)) {
      throw new RangeError(`jwt.leewaySeconds must be between 0 and ${maxLeewaySeconds}`);
    }
    const evidence = new WeakMap<TokenRequest, Evidence>();
    super({
      jwtFromRequest: ({ headers }: TokenRequest) => bearerToken(headers.authorization ?? '') ?? null,
      secretOrKeyProvider: (request: TokenRequest, token: string, done) => {
        findKey(token, config, keys)
          .then((found) => {
            evidence.set(request, found);
            // A KeyObject names its own type, which bytes do not; the declared types are behind.
            done(null, found.key.key as unknown as Buffer);
          })
          .catch(done);
      },
      issuer: config.issuer,
      audience: config.audience,
      algorithms: [...config.algorithms],
      passReqToCallback: true,
      jsonWebTokenOptions: { clockTolerance: leewaySeconds },
    });
    this.#tiers = tiers;
    this.#revocations = revocations;
    this.#evidence = evidence;
    readTimeFrom(this, clock);
  }

  /** Called by passport-jwt with a payload whose signature, issuer, audience and times are good. */
  async validate(
    request: TokenRequest,
    payload: unknown,
  ): Promise<[Principal, Omit<VerifiedToken, 'principal'>]> {
    const evidence = this.#evidence.get(request);
    if (!evidence) throw new Error('a token was verified without a key of ours');
    const claims = checkClaims(payload, evidence.header.typ);
    const principal = principalOf(claims, await this.#tiers.resolve(claims));
    const issuedAtMs = typeof claims['iat'] === 'number' ? claims['iat'] * 1000 : 0;
    if (this.#revocations.refuses({ principal, issuedAtMs })) throw invalidToken('revoked');
    return [principal, { issuedAtMs, expiresAtMs: claims.exp * 1000, key: evidence.key }];
  }

  /** Runs the strategy on one token, as passport does on a request. Rejects only when the gateway is at fault. */
  verify(token: string): Promise<VerifiedToken | GatewayError> {
    return new Promise((resolve, reject) => {
      const attempt = Object.assign(Object.create(this) as Strategy, {
        success: (principal: Principal, rest: Omit<VerifiedToken, 'principal'>) =>
          resolve({ principal, ...rest }),
        fail: (challenge: unknown) => resolve(refusal(challenge)),
        error: (error: unknown) => (error instanceof GatewayError ? resolve(error) : reject(error)),
      });
      const request: TokenRequest = { headers: { authorization: `Bearer ${token}` } };
      attempt.authenticate(request as Parameters<Strategy['authenticate']>[0]);
    });
  }
}

async function findKey(token: string, { algorithms }: JwtConfig, keys: KeySet): Promise<Evidence> {
  const header = readTokenHeader(token, algorithms);
  const key = await keys.find(header);
  if (key === undefined) throw invalidToken('unknownKey');
  return { header, key };
}

/** jsonwebtoken asks its options for the time on each call, and the system's clock when they do not say. */
function readTimeFrom(strategy: object, clock: Clock): void {
  const { _verifOpts } = strategy as { _verifOpts: object };
  Object.defineProperty(_verifOpts, 'clockTimestamp', {
    enumerable: true,
    get: () => Math.floor(clock.now() / 1000),
  });
}

function refusal(challenge: unknown): GatewayError {
  if (challenge instanceof GatewayError) return challenge;
  // jsonwebtoken's documented names of its error classes.
  const name = challenge instanceof Error ? challenge.name : '';
  if (name === 'TokenExpiredError') return invalidToken('expired', challenge);
  if (name === 'NotBeforeError') return invalidToken('notYetValid', challenge);
  return invalidToken('refused', challenge);
}
