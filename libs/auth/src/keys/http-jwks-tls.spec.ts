import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { TestIssuer } from '@facet/testing/auth';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpJwksSource } from './http-jwks.source.ts';

const folder = mkdtempSync(join(tmpdir(), 'facet-jwks-tls-'));
const [keyFile, certFile] = [join(folder, 'issuer.key'), join(folder, 'issuer.pem')];
const jwks = new TestIssuer().jwks();
const never = new AbortController().signal;
let server: Server;

beforeAll(async () => {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', keyFile];
  const subject = ['-subj', '/CN=issuer', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, '-out', certFile], {
    stdio: 'pipe',
  });
  const pair = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
  server = createServer(pair, (_, response) => response.end(JSON.stringify(jwks)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function fetchOnce(host: string): Promise<unknown> {
  const source = new HttpJwksSource(`https://${host}:${(server.address() as AddressInfo).port}/keys`);
  return source.fetch(never).finally(() => source.close());
}

describe('HttpJwksSource over TLS', () => {
  it('believes no issuer whose certificate nobody vouches for', async () => {
    await expect(fetchOnce('127.0.0.1')).rejects.toThrow('self-signed certificate');
  });

  it('believes one that Node is told to trust, under its own name', async () => {
    const trusted = getCACertificates('default');
    setDefaultCACertificates([...trusted, readFileSync(certFile, 'utf8')]);
    try {
      expect(await fetchOnce('127.0.0.1')).toEqual(jwks);
      await expect(fetchOnce('localhost')).rejects.toThrow('altnames');
    } finally {
      setDefaultCACertificates(trusted);
    }
  });
});
