import { KeySet, Public, Sessions } from '@facet/auth';
import { type RequestContext, type StageRequest } from '@facet/context';
import { Answers, Context, ValidBody, ValidQuery } from '@facet/http';
import { noQuery, outage } from '@facet/shaping';
import { Limits } from '@facet/throttling';
import {
  AuthClient,
  type Credentials,
  credentialsSchema,
  loginLimits,
  type RefreshRequest,
  refreshSchema,
  tokensSchema,
} from '@facet/upstreams-auth';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';

/** A login needs no credential but its body, so others are not even read. */
@Controller('auth')
@Public({ credentials: 'ignore' })
export class AuthController {
  constructor(
    private readonly auth: AuthClient,
    private readonly sessions: Sessions,
    private readonly keys: KeySet,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Limits(loginLimits)
  @Answers(tokensSchema)
  login(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidBody(credentialsSchema) credentials: Credentials,
  ) {
    return this.auth.login(context, credentials).catch((error: unknown) => this.#explain(error));
  }

  @Post('refresh')
  @HttpCode(200)
  @Answers(tokensSchema)
  refresh(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidBody(refreshSchema) request: RefreshRequest,
  ) {
    return this.auth.refresh(context, request).catch((error: unknown) => this.#explain(error));
  }

  /** Ends the session at the gateways too, when the access token comes along: even while auth-service is away. */
  @Post('logout')
  @HttpCode(204)
  async logout(
    @Context() context: RequestContext,
    @Req() inbound: StageRequest,
    @ValidQuery(noQuery) _query: unknown,
    @ValidBody(refreshSchema) request: RefreshRequest,
  ) {
    await this.sessions.end(inbound);
    await this.auth.logout(context, request).catch((error: unknown) => this.#explain(error));
  }

  #explain(error: unknown): never {
    this.keys.suspect(error);
    throw outage(error, { userMessage: 'login_unavailable', covers: 'timedOut' });
  }
}
