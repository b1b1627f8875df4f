import {
  type AccessPolicy,
  type Clock,
  type Policy,
  type Principal,
  Stage,
  type StageReply,
  type StageRequest,
} from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Authenticator, notMine, type Verdict } from './authenticator.ts';
import { beforeDeadline } from './before-deadline.ts';
import { credentialCount, hasTokenInUrl } from './credentials.ts';
import { conflictingCredentials, tokenInUrl, unauthenticated } from './refusal/refusals.ts';

type Accept = Exclude<AccessPolicy['accept'], 'ignore'>;

/**
 * Puts the verified principal on the request context, or refuses: 400 for two credentials or a token in the URL, 401
 * for a bad one or none where one is needed. Answers without a promise when the authenticator does.
 */
export class AuthStage extends Stage {
  readonly #authenticators: readonly Authenticator[];
  readonly #clock: Clock;

  /** @param authenticators asked in this order */
  constructor(authenticators: readonly Authenticator[], clock: Clock) {
    super();
    this.#authenticators = authenticators;
    this.#clock = clock;
  }

  override run(
    request: StageRequest,
    _reply: StageReply,
    { access: { accept } }: Pick<Policy, 'access'>,
  ): void | Promise<void> {
    if (accept === 'ignore') return;
    if (credentialCount(request.raw.rawHeaders) > 1) throw conflictingCredentials();
    if (hasTokenInUrl(request.url)) throw tokenInUrl();
    return this.#ask(request, accept, 0);
  }

  #ask(request: StageRequest, accept: Accept, from: number): void | Promise<void> {
    for (let index = from; index < this.#authenticators.length; index++) {
      const authenticator = this.#authenticators[index];
      if (!authenticator || (accept !== 'public' && !accept.includes(authenticator.kind))) continue;
      const verdict = authenticator.authenticate(request);
      if (verdict instanceof Promise) return this.#await(verdict, request, accept, index + 1);
      if (verdict !== notMine) return admit(request, verdict);
    }
    // A scheme that is none of ours (Basic, somebody's own) proves nothing: where nothing is asked it is not read.
    if (accept === 'public') return;
    throw unauthenticated(accept);
  }

  async #await(
    pending: Promise<Verdict>,
    request: StageRequest,
    accept: Accept,
    next: number,
  ): Promise<void> {
    const verdict = await beforeDeadline(pending, request.facet.deadline, this.#clock);
    return verdict === notMine ? this.#ask(request, accept, next) : admit(request, verdict);
  }
}

function admit(request: StageRequest, verdict: Principal | GatewayError): void {
  if (verdict instanceof GatewayError) throw verdict;
  request.facet.principal = verdict;
}
