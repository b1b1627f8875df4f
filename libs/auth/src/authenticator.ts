import { type CredentialKind, type Principal, type StageRequest } from '@facet/context';
import { type GatewayError } from '@facet/errors';

/** The request carries no credential of this authenticator's kind: the next one is asked. */
export const notMine: unique symbol = Symbol('not mine');

/** Yes (who it is), no (why, as the client will be told) or not mine: told apart by value, never by a throw. */
export type Verdict = Principal | GatewayError | typeof notMine;

/**
 * Seam: turns one kind of credential into a principal. Asked in the order listed in `AuthModule.register`, only where
 * the endpoint accepts its kind; a throw is a fault of the gateway (500). Principals are frozen and may be shared.
 */
export abstract class Authenticator {
  abstract readonly kind: CredentialKind;
  /** Answers without a promise whenever it can. */
  abstract authenticate(request: StageRequest): Verdict | Promise<Verdict>;
}
