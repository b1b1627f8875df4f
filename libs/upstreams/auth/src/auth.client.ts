import { type RequestContext } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { upstreamAnswer } from '@facet/shaping';
import { type UpstreamClient, Upstreams } from '@facet/upstream';
import { Injectable } from '@nestjs/common';
import { type Credentials, type RefreshRequest, type Tokens, tokensSchema } from './tokens.ts';

const tokens = upstreamAnswer('auth', tokensSchema);

/** auth-service. */
@Injectable()
export class AuthClient {
  readonly #upstream: UpstreamClient;

  constructor(upstreams: Upstreams) {
    this.#upstream = upstreams.client('auth');
  }

  /** @throws GatewayError `invalid_credentials`, whether the user or the password is wrong */
  login(context: RequestContext, credentials: Credentials): Promise<Tokens> {
    return this.#issue(context, '/login', credentials);
  }

  /** @throws GatewayError `invalid_credentials` for a token that is unknown, expired or used before */
  refresh(context: RequestContext, request: RefreshRequest): Promise<Tokens> {
    return this.#issue(context, '/refresh', request);
  }

  /** Ends the session of a refresh token; an unknown one is no error. */
  async logout(context: RequestContext, request: RefreshRequest): Promise<void> {
    await this.#upstream.request(context, {
      method: 'POST',
      route: '/logout',
      path: '/logout',
      body: request,
    });
  }

  async #issue(context: RequestContext, path: string, body: Credentials | RefreshRequest): Promise<Tokens> {
    try {
      const answer = await this.#upstream.request(context, { method: 'POST', route: path, path, body });
      return tokens.check(answer.body);
    } catch (error) {
      throw isRefusal(error) ? invalidCredentials(error) : error;
    }
  }
}

/** To auth-service the credentials in the body are what it judges, so its 401 is about them. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof GatewayError && (error.reason === 'forbidden' || error.reason === 'unauthenticated')
  );
}

function invalidCredentials(cause: unknown): GatewayError {
  // RFC 9110, 15.5.2: every 401 carries a challenge; what a login leads to is a bearer token.
  return new GatewayError('invalid_credentials', {
    headers: { 'WWW-Authenticate': 'Bearer realm="facet"' },
    cause,
  });
}
