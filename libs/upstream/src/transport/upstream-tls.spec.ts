import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TLSSocket } from 'node:tls';
import { type UpstreamTlsConfig } from '@facet/config';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { wholeBody } from '@facet/testing/upstreams';
import { type UpstreamSettings, upstreamSettings } from '../upstream-settings.ts';
import { SocketTransport } from './socket.transport.ts';
import { renewed } from './tls-material.ts';
import { type TransportAttempt } from './transport.ts';

const folder = mkdtempSync(join(tmpdir(), 'facet-upstream-tls-'));
const path = (name: string): string => join(folder, name);

/** A key and a certificate by `issuer`, or by itself. */
function makePair(name: string, issuer?: string): void {
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    path(`${name}.key`),
  ];
  const by = issuer === undefined ? [] : ['-CA', path(`${issuer}.pem`), '-CAkey', path(`${issuer}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const options = ['-x509', '-days', '2', ...key, ...by, ...subject, '-out', path(`${name}.pem`)];
  execFileSync('openssl', ['req', ...options], { stdio: 'pipe' });
}

beforeAll(() => {
  makePair('house');
  makePair('stranger');
  for (const name of ['server', 'gateway', 'renewed']) makePair(name, 'house');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('TLS to upstreams', () => {
  let server: Server;
  let transport: SocketTransport | undefined;

  beforeAll(async () => {
    server = createServer(
      {
        cert: readFileSync(path('server.pem')),
        key: readFileSync(path('server.key')),
        ca: readFileSync(path('house.pem')),
        requestCert: true,
        rejectUnauthorized: true,
      },
      (request, response) => {
        const { socket } = request;
        if (request.method === 'POST') request.pipe(response);
        else response.end((socket as TLSSocket).getPeerCertificate().subject.CN);
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => transport?.close());
  afterAll(() => {
    server.close();
  });

  function connectWith(tls?: UpstreamTlsConfig): SocketTransport {
    const { port } = server.address() as AddressInfo;
    const [settings] = upstreamSettings([
      { name: 'orders', url: `https://127.0.0.1:${port}`, ...(tls && { tls }) },
    ]);
    return (transport = new SocketTransport(settings as UpstreamSettings));
  }
  const get = { method: 'GET', path: '/', headers: [], body: null, wants: () => true };
  const attempt: TransportAttempt = { answered: false, bind: () => undefined };
  async function nameSeen(tls?: UpstreamTlsConfig): Promise<string> {
    return (await connectWith(tls).exchange(get, attempt)).body.toString();
  }
  const failure = (tls: UpstreamTlsConfig): Promise<unknown> =>
    nameSeen(tls).catch((error: unknown) => error);
  const ours = { certFile: path('gateway.pem'), keyFile: path('gateway.key') };

  it('shows our certificate to an upstream of our own authority', async () => {
    expect(await nameSeen({ caFile: path('house.pem'), ...ours })).toBe('gateway');
  });

  it('carries large bodies both ways at once, apart from each other, and keeps its connections', async () => {
    const both = connectWith({ caFile: path('house.pem'), ...ours });
    const echoed = async (letter: string): Promise<boolean> => {
      const sent = Buffer.alloc(3_000_000, letter);
      const { body } = await both.stream({ ...get, method: 'POST', body: Readable.from([sent]) }, attempt);
      return (await wholeBody(body)).equals(sent);
    };
    expect(await Promise.all(['a', 'b', 'c'].map(echoed))).toEqual([true, true, true]);
    expect((await both.exchange(get, attempt)).body.toString()).toBe('gateway');
    expect(both.stats()).toEqual({ connected: 3, pending: 0 });
  });

  it.each([
    ['of the well-known ones', {}],
    ['of another house', { caFile: path('stranger.pem') }],
  ])('does not speak with an upstream whose authority is none %s', async (_, authority) => {
    expect(await failure({ ...authority, ...ours })).toMatchObject({ reason: 'upstream_tls_error' });
  });

  it('is refused without a certificate by an upstream that asks for one', async () => {
    expect(await failure({ caFile: path('house.pem') })).toMatchObject({ reason: 'upstream_tls_error' });
  });
});

describe('renewed', () => {
  const files = { certFile: path('used.pem'), keyFile: path('used.key') };
  const use = (name: string): void => {
    copyFileSync(path(`${name}.pem`), files.certFile);
    copyFileSync(path(`${name}.key`), files.keyFile);
  };
  const made = () => renewed(files, ({ cert }) => String(cert));

  it('makes it once, and anew when the files change', () => {
    use('gateway');
    const current = made();
    const first = current();
    expect(current()).toBe(first);
    use('renewed');
    expect(current()).not.toBe(first);
  });

  it('keeps the last that was good while the pair does not fit', () => {
    use('gateway');
    const current = made();
    const first = current();
    copyFileSync(path('renewed.pem'), files.certFile);
    expect(current()).toBe(first);
    copyFileSync(path('renewed.key'), files.keyFile);
    expect(current()).not.toBe(first);
    writeFileSync(files.keyFile, 'no key');
    expect(current()).not.toBe(first);
  });

  it('keeps the last that was good while nobody may even look at the files', () => {
    use('gateway');
    const current = made();
    const before = current();
    rmSync(files.certFile);
    symlinkSync(files.certFile, files.certFile);
    expect(current()).toBe(before);
    rmSync(files.certFile);
    use('renewed');
    expect(current()).toBe(readFileSync(path('renewed.pem'), 'utf8'));
  });

  it('does not begin with files that can not be used', () => {
    expect(() => renewed({ caFile: path('absent.pem') }, () => 0)).toThrow(/ENOENT/);
  });
});
