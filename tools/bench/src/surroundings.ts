import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDataset } from '@facet/tools-upstreams';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { type Surroundings } from './contender.ts';
import { type Peer, startPeer } from './processes/peer.ts';

const issuer = 'https://bench.test';
/** A page of twenty orders with their inner fields. */
const bodyBytes = 3_700;

/** Starts the peer and the issuer and makes the one token; `stop` takes all of it away. */
export async function startSurroundings(): Promise<{
  surroundings: Surroundings;
  peer: Peer;
  stop(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const ordersBody = ordersPage();
  const peer = await startPeer({ body: ordersBody, maxAgeSeconds: 3600 });
  const { upstreamUrl } = peer;
  const identity = await startIssuer(folder);
  return {
    surroundings: { upstreamUrl, ordersBody, issuer, folder, ...identity.known },
    peer,
    stop: async () => {
      identity.server.close();
      await peer.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As many real orders of one customer as fit. */
function ordersPage(): string {
  const items = [];
  for (const order of buildDataset().orders) {
    if (JSON.stringify([...items, order]).length > bodyBytes && items.length > 0) break;
    items.push({ ...order, customerId: 'usr_premium' });
  }
  return JSON.stringify({ items, nextCursor: null, total: items.length });
}

async function startIssuer(folder: string) {
  const keys = await generateKeyPair('RS256', { extractable: true });
  const publicKeyFile = join(folder, 'public.pem');
  writeFileSync(publicKeyFile, await exportSPKI(keys.publicKey));
  const jwks = JSON.stringify({
    keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' }],
  });
  const server = createServer((_request, response) => response.end(jwks)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const token = await new SignJWT({ tier: 'premium', scope: 'orders:read', roles: [] })
    .setProtectedHeader({ alg: 'RS256', kid: 'bench', typ: 'at+jwt' })
    .setSubject('usr_premium')
    .setIssuer(issuer)
    .setAudience('facet')
    .setIssuedAt()
    .setExpirationTime('6h')
    .sign(keys.privateKey);
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  return { server, known: { jwksUrl, token, publicKeyFile } };
}
