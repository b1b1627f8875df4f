import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { systemClock } from '@facet/context';
import { TestIssuer } from '@facet/testing/auth';

/** An issuer of tokens whose keys can be fetched, and the environment that makes a gateway believe it. */
export interface PublishedIssuer {
  readonly issuer: TestIssuer;
  readonly jwksUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** How often the keys were asked for. */
  readonly fetches: () => number;
  stop(): void;
}

/** @param answer default: the issuer's keys */
export async function publishIssuer(answer?: RequestListener): Promise<PublishedIssuer> {
  const issuer = new TestIssuer(systemClock);
  let fetches = 0;
  const server = createServer((request, response) => {
    fetches++;
    if (answer) answer(request, response);
    else response.end(JSON.stringify(issuer.jwks()));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  return {
    issuer,
    jwksUrl,
    env: { JWT_ISSUER: issuer.issuer, JWT_AUDIENCE: issuer.audience, JWT_JWKS_URL: jwksUrl },
    fetches: () => fetches,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
