import { Type } from 'typebox';
import { DEMO_PASSWORD, identities, type Identity } from '../../data/identities.ts';
import { createCheck } from '../../http/check.ts';
import { noContent, ok, type Reply } from '../../http/exchange.ts';
import { HttpFault } from '../../http/http-fault.ts';
import { type ServiceDefinition } from '../../http/service.ts';
import { type Tokens } from '../../model.ts';
import { ACCESS_TOKEN_SECONDS, signAccessToken } from './access-token.ts';
import { KeyRing } from './key-ring.ts';
import { type IssuedSession, Sessions } from './sessions.ts';

const JWKS_MAX_AGE_SECONDS = 300;

const checkCredentials = createCheck(
  Type.Object({ username: Type.String({ maxLength: 200 }), password: Type.String({ maxLength: 200 }) }),
);
const checkRefresh = createCheck(
  Type.Object({ refreshToken: Type.String({ minLength: 1, maxLength: 200 }) }),
);

const unauthorized = (detail: string): HttpFault =>
  new HttpFault(401, detail, { headers: { 'www-authenticate': 'Bearer realm="facet"' } });

const identityOf = (subject: string): Identity => {
  const identity = identities.find((candidate) => candidate.subject === subject);
  if (identity === undefined) throw unauthorized('The session has no user.');
  return identity;
};

/** `issuer` is asked for at each login: on port 0 it is known only after the start. */
export const authService = async (issuer: () => string): Promise<ServiceDefinition> => {
  const keys = await KeyRing.create();
  const sessions = new Sessions();

  const tokens = async ({ session, refreshToken }: IssuedSession): Promise<Reply> => {
    const accessToken = await signAccessToken(keys, issuer(), identityOf(session.subject), session.id);
    return ok({ accessToken, refreshToken, expiresIn: ACCESS_TOKEN_SECONDS } satisfies Tokens);
  };

  return {
    name: 'auth',
    routes: {
      'POST /login': async (inbound) => {
        const { username, password } = checkCredentials(await inbound.body());
        const identity = identities.find((candidate) => candidate.username === username);
        if (identity === undefined || password !== DEMO_PASSWORD)
          throw unauthorized('Wrong username or password.');
        return tokens(sessions.open(identity.subject));
      },
      'POST /refresh': async (inbound) => {
        const { refreshToken } = checkRefresh(await inbound.body());
        const issued = sessions.refresh(refreshToken);
        if (issued === undefined) throw unauthorized('The refresh token is not valid.');
        return tokens(issued);
      },
      'POST /logout': async (inbound) => {
        const { refreshToken } = checkRefresh(await inbound.body());
        sessions.close(refreshToken);
        return noContent();
      },
      'DELETE /sessions/:subject': ({ params }) =>
        ok({ revoked: sessions.closeAll(params['subject'] ?? '') }),
      'GET /.well-known/jwks.json': () =>
        ok(keys.published(), { 'cache-control': `public, max-age=${JWKS_MAX_AGE_SECONDS}` }),
    },
    controls: {
      'POST /__rotate': async () => ok({ kid: (await keys.rotate()).kid }),
    },
  };
};
