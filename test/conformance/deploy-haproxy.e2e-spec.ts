import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:http2';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { problemSchema } from '@facet/errors';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { hasHaproxy, haproxyConfig, type HaproxyProcess, startHaproxy } from '../support/haproxy.ts';

const isProblem = new Ajv({ allErrors: true }).compile(problemSchema);
const checked = hasHaproxy || process.env['CI'] === 'true' ? describe : describe.skip;
const title = hasHaproxy
  ? 'the shipped HAProxy configuration'
  : 'the shipped HAProxy configuration (no haproxy on the PATH)';

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands in for a gateway instance: a public port with a behaviour, a management port with a readiness. */
class Instance {
  hits = 0;
  ready = true;
  behaviour: Behaviour = (_request, response) => response.end('served');
  readonly #public = createServer((request, response) => {
    this.hits += 1;
    this.behaviour(request, response);
  });
  readonly #management = createServer((_request, response) => {
    response.writeHead(this.ready ? 200 : 503).end();
  });

  async start(): Promise<void> {
    await Promise.all([this.#public, this.#management].map((server) => listening(server)));
  }
  get address(): string {
    return `127.0.0.1:${portOf(this.#public)}`;
  }
  get checkPort(): string {
    return String(portOf(this.#management));
  }
  /** No longer there, though the balancer does not know yet. */
  refuseConnections(): void {
    this.#public.close();
    this.#public.closeAllConnections();
  }
  stop(): void {
    this.refuseConnections();
    this.#management.close();
    this.#management.closeAllConnections();
  }
}

async function listening(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}
const portOf = (server: Server): number => (server.address() as AddressInfo).port;

let instances: Instance[] = [];
let haproxy: HaproxyProcess;

async function startFleet(env: Readonly<Record<string, string>> = {}): Promise<void> {
  instances = [new Instance(), new Instance(), new Instance()];
  await Promise.all(instances.map((instance) => instance.start()));
  haproxy = await startHaproxy({
    CHECK_EVERY: '60s',
    ...Object.fromEntries(
      instances.flatMap((instance, index) => [
        [`MOBILE_${index + 1}`, instance.address],
        [`MOBILE_${index + 1}_CHECK_PORT`, instance.checkPort],
      ]),
    ),
    ...env,
  });
}
const hits = (): number => instances.reduce((sum, instance) => sum + instance.hits, 0);
const behave = (behaviour: Behaviour): void =>
  instances.forEach((instance) => (instance.behaviour = behaviour));
/** The first instance asked fails as told, whichever it is; the others serve. */
function firstOneAsked(fails: Behaviour): void {
  behave((request, response) => (hits() === 1 ? fails(request, response) : response.end('served')));
}
const ask = (path = '/api/mobile/orders', init: RequestInit = {}): Promise<Response> =>
  fetch(`${haproxy.publicUrl}${path}`, init);

checked(title, () => {
  afterEach(async () => {
    await haproxy?.stop();
    instances.forEach((instance) => instance.stop());
  });

  it('knows its instances by names that may resolve later', () => {
    const { status, stderr } = spawnSync('haproxy', ['-c', '-f', haproxyConfig], {
      env: { PATH: process.env['PATH'], PLAIN_HTTP: '1' },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    const warnings = stderr.split('\n').filter((line) => line.includes('[WARNING]'));
    expect(warnings.filter((line) => !line.includes('could not resolve address'))).toEqual([]);
  });

  it('says who the client is, whatever the client says', async () => {
    await startFleet();
    behave((request, response) => response.end(JSON.stringify(request.headers)));
    const answer = await ask('/api/mobile/orders', {
      headers: {
        'X-Forwarded-For': '203.0.113.9',
        Forwarded: 'for=203.0.113.9;proto=https',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'evil.example',
        'X-Real-IP': '203.0.113.9',
      },
    });
    const seen = (await answer.json()) as Record<string, string>;
    expect(seen['x-forwarded-for']).toBe('127.0.0.1');
    expect(seen['x-forwarded-proto']).toBe('http');
    expect(Object.keys(seen)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(forwarded|x-forwarded-host|x-real-ip)$/)]),
    );
    expect(seen['x-request-id']).toMatch(/^[\w.-]{1,64}$/);
  });

  it('repeats a GET that got no answer, on another instance', async () => {
    await startFleet();
    firstOneAsked((request) => request.socket.destroy());
    expect((await ask()).status).toBe(200);
    expect(instances.map((instance) => instance.hits).sort()).toEqual([0, 1, 1]);
  });

  it('never repeats a POST that an instance has seen', async () => {
    await startFleet();
    firstOneAsked((request) => request.socket.destroy());
    const answer = await ask('/api/mobile/orders', { method: 'POST', body: '{}' });
    expect(answer.status).toBe(502);
    expect(isProblem(await answer.json())).toBe(true);
    expect(hits()).toBe(1);
  });

  it('gives a POST that reached nobody to another instance', async () => {
    await startFleet();
    instances[0]?.refuseConnections();
    instances[1]?.refuseConnections();
    for (let i = 0; i < 6; i++) {
      expect((await ask('/api/mobile/orders', { method: 'POST', body: '{}' })).status).toBe(200);
    }
    expect(instances[2]?.hits).toBe(6);
  });

  it('hands a 503 on as it is: asking others would make an overload worse', async () => {
    await startFleet();
    behave((_request, response) => response.writeHead(503, { 'retry-after': '7' }).end());
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after'), hits()]).toEqual([503, '7', 1]);
  });

  it('takes an instance out that is not ready, and back in', async () => {
    await startFleet({ CHECK_EVERY: '100ms' });
    const [draining] = instances as [Instance];
    draining.ready = false;
    await until(async () => (await haproxy.up('mobile')).length === 2);
    const before = draining.hits;
    for (let i = 0; i < 9; i++) expect((await ask()).status).toBe(200);
    expect(draining.hits).toBe(before);
    draining.ready = true;
    await until(async () => (await haproxy.up('mobile')).length === 3);
  });

  it('speaks in problems when nobody is there, and of paths nobody serves', async () => {
    await startFleet();
    instances.forEach((instance) => instance.refuseConnections());
    const nobody = await ask();
    expect([nobody.status, nobody.headers.get('retry-after')]).toEqual([503, '1']);
    const elsewhere = await ask('/api/admin/orders');
    expect(elsewhere.status).toBe(404);
    for (const answer of [nobody, elsewhere]) {
      const problem = (await answer.json()) as { instance: string };
      expect(isProblem(problem) || isProblem.errors).toBe(true);
      expect(problem.instance).toBe(answer.headers.get('x-request-id'));
    }
  });

  it('streams both ways and holds nothing back', async () => {
    await startFleet();
    behave((request, response) => void request.pipe(response));
    const { port } = new URL(haproxy.publicUrl);
    const upload = request({ port, host: '127.0.0.1', path: '/api/mobile/echo', method: 'POST' });
    upload.write('first');
    const [echo] = (await once(upload, 'response')) as [IncomingMessage];
    const [chunk] = (await once(echo, 'data')) as [Buffer];
    expect(chunk.toString()).toBe('first');
    upload.end('last');
    expect(((await once(echo, 'data')) as [Buffer])[0].toString()).toBe('last');
  });

  describe('with a certificate', () => {
    const folder = mkdtempSync(join(tmpdir(), 'facet-tls-'));
    const bundle = join(folder, 'facet.pem');
    beforeAll(() => writeFileSync(bundle, selfSigned(folder)));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('speaks TLS and HTTP/2 outside, and sends plain requests there', async () => {
      await startFleet({ TLS_CERTS: bundle });
      behave((request, response) => response.end(request.headers['x-forwarded-proto']));
      const session = connect(haproxy.publicUrl, { rejectUnauthorized: false });
      const stream = session.request({ ':path': '/api/mobile/orders' });
      const [body] = (await once(stream, 'data')) as [Buffer];
      expect([session.alpnProtocol, body.toString()]).toEqual(['h2', 'https']);
      session.destroy();
      const plain = await fetch(`${haproxy.plainUrl}/api/mobile/orders`, { redirect: 'manual' });
      expect(plain.status).toBe(308);
      expect(plain.headers.get('location')).toMatch(/^https:\/\/.*\/api\/mobile\/orders$/);
    });

    it('refuses TLS 1.1', async () => {
      await startFleet({ TLS_CERTS: bundle });
      // A client that would take anything: the alert is the server's.
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
      const port = Number(new URL(haproxy.publicUrl).port);
      const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...old });
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    });
  });
});

/** A key and a certificate for an hour, in one PEM. */
function selfSigned(folder: string): string {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-nodes', '-days', '1', '-subj', '/CN=localhost', ...curve, ...files],
    {
      stdio: 'ignore',
    },
  );
  return ['cert.pem', 'key.pem']
    .map((name) => execFileSync('cat', [join(folder, name)], { encoding: 'utf8' }))
    .join('');
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
