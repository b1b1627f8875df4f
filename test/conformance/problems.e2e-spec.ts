import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { reasons } from '@facet/errors';
import { type Answer } from '@facet/testing/gateway';
import { hang, hangUp, json, large, raw, reset, ScriptedUpstream } from '@facet/testing/upstreams';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

type Script = Parameters<ScriptedUpstream['always']>[0];

const json200 = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

let family: Family;
let upstream: ScriptedUpstream;
/** Speaks plain HTTP to whoever connects. */
let plain: Server;
let token: string;

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  upstream = await ScriptedUpstream.start();
  plain = createServer((socket) => {
    socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => plain.once('listening', resolve));
  family = await startFamily(['web'], {
    UPSTREAM_ORDERS_URL: upstream.url,
    UPSTREAM_USERS_URL: `http://127.0.0.1:${await closedPort()}`,
    UPSTREAM_PAYMENTS_URL: `https://127.0.0.1:${(plain.address() as AddressInfo).port}`,
    UPSTREAM_CATALOG_URL: upstream.url,
    REQUEST_DEADLINE_MS: '1500',
    TIERS_FILE: join(import.meta.dirname, '../support/unlimited-tiers.json'),
  });
  token = await family.web.client.login('/api/web', 'enterprise');
});
afterAll(async () => {
  await family.stop();
  await upstream[Symbol.asyncDispose]();
  plain.close();
});
beforeEach(async () => {
  await fetch(`${family.web.gateway.managementUrl}/breakers/orders/reset`, { method: 'POST' });
});

const list = (headers: Record<string, string> = {}): Promise<Answer> =>
  family.web.client.get('/api/web/orders', { token, headers });

describe('Proxy-Status (RFC 9209) names the gateway, the error and the next hop:', () => {
  it.each<[string, Script, number, keyof typeof reasons, string]>([
    ['a hang-up', hangUp, 502, 'connection_terminated', 'connection_terminated'],
    ['a reset', reset, 502, 'connection_terminated', 'connection_terminated'],
    ['garbage', raw('LPTH/7.7 FINE\r\n\r\n', 'end'), 502, 'upstream_protocol_error', 'http_protocol_error'],
    [
      'HTML',
      raw('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\nhi'),
      502,
      'upstream_protocol_error',
      'http_protocol_error',
    ],
    [
      'half a body',
      raw(`${json200}content-length: 100\r\n\r\n{"items":`, 'end'),
      502,
      'upstream_response_incomplete',
      'http_response_incomplete',
    ],
    [
      'too much',
      large(64 * 1024 * 1024, { headers: { 'content-type': 'application/json' } }),
      502,
      'upstream_body_too_large',
      'http_response_body_size',
    ],
    ['a 500', json({}, { status: 500 }), 502, 'upstream_error', 'http_request_error'],
    ['a 503', json({}, { status: 503 }), 503, 'upstream_unavailable', 'destination_unavailable'],
    ['a 429', json({}, { status: 429 }), 503, 'upstream_busy', 'connection_limit_reached'],
  ])('%s', async (_name, script, status, reason, error) => {
    upstream.always(script);
    const answer = await list();
    expect([answer.status, answer.json.reason, answer.json.title]).toEqual([
      status,
      reason,
      reasons[reason].title,
    ]);
    expect(answer.headers['proxy-status']).toMatch(
      new RegExp(`^gateway-web; error=${error}(; next-hop=orders)?$`),
    );
    expect(answer.text).not.toMatch(/127\.0\.0\.1|localhost|http:|at \w+ \(/);
  });

  it('silence', async () => {
    upstream.always(hang);
    const answer = await list();
    // Whichever comes first: the time of the attempt, or that of the request.
    expect([504, answer.json.reason]).toEqual([
      answer.status,
      expect.stringMatching(/^(upstream_timeout|deadline_exceeded)$/),
    ]);
    expect(answer.headers['proxy-status']).toMatch(/^gateway-web; error=http_response_timeout/);
  });

  it('nobody listening', async () => {
    const answer = await family.web.client.get('/api/web/user', { token });
    expect([answer.status, answer.json.reason]).toEqual([503, 'upstream_unavailable']);
    expect(answer.headers['proxy-status']).toBe('gateway-web; error=connection_refused; next-hop=users');
  });

  it('no TLS where it is declared', async () => {
    const answer = await family.web.client.post(
      '/api/web/payments/charge',
      { amount: 100, currency: 'EUR' },
      { apiKey: 'fk_dev_paid_0000000000000002' },
    );
    expect(answer.json).toMatchObject({
      userMessage: 'Payment temporarily unavailable, you have not been charged',
    });
    expect(answer.headers['proxy-status']).toBe(
      'gateway-web; error=tls_certificate_error; next-hop=payments',
    );
  });

  it('an open breaker, which asks nobody', async () => {
    upstream.always(json({}, { status: 500 }));
    let answer = await list();
    while (answer.status !== 503) answer = await list();
    const asked = upstream.requests.length;
    answer = await list();
    expect(upstream.requests.length).toBe(asked);
    expect([answer.status, answer.json.reason]).toEqual([503, 'upstream_unavailable']);
    expect(answer.headers['proxy-status']).toBe(
      'gateway-web; error=destination_unavailable; next-hop=orders',
    );
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('is absent where no upstream is the cause', async () => {
    const answers = [
      await family.web.client.get('/api/web/nothing'),
      await family.web.client.get('/api/web/orders'),
      await family.web.client.get('/api/web/orders?limit=0', { token }),
    ];
    expect(answers.map(({ headers }) => headers['proxy-status'])).toEqual([undefined, undefined, undefined]);
  });
});

describe('Retry-After', () => {
  const offline = (retryAfter: string): Script =>
    json({}, { status: 503, headers: { 'retry-after': retryAfter } });

  it('of an upstream is passed on in seconds, and heeded: it is not asked again before', async () => {
    upstream.always(offline('7'));
    const first = await list();
    const asked = upstream.requests.length;
    const second = await list();
    for (const answer of [first, second]) {
      expect(answer.status).toBe(503);
      const seconds = Number(answer.headers['retry-after']);
      expect(seconds).toBeGreaterThanOrEqual(6);
      expect(seconds).toBeLessThanOrEqual(7);
      expect(answer.json.retryAfter).toBe(seconds);
    }
    expect(upstream.requests.length).toBe(asked);
  });

  it('of an upstream may be a date', async () => {
    upstream.always(offline(new Date(Date.now() + 20_000).toUTCString()));
    const { status, headers } = await family.web.client.get('/api/web/products', { token });
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(18);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(20);
  });
});

describe('a problem (RFC 9457)', () => {
  it('carries the members that every problem has, and its reason is of the closed list', async () => {
    const answer = await family.web.client.get('/api/web/nothing', { headers: { 'x-request-id': 'mine-1' } });
    expect(answer.json).toEqual({
      type: '/problems/not_found',
      title: 'Not found',
      status: 404,
      detail: expect.any(String),
      instance: 'mine-1',
      reason: 'not_found',
      message: 'Not found',
      code: 404,
    });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(Object.keys(reasons)).toContain(answer.json.reason);
  });

  it('speaks the language of the user where it speaks to the user', async () => {
    upstream.always(json({}, { status: 500 }));
    const order = (language: string): Promise<Answer> =>
      family.web.client.post(
        '/api/web/orders',
        { items: [{ productId: 'prd_0001', quantity: 1 }] },
        { token, headers: { 'accept-language': language } },
      );
    const german = await order('de-CH, en;q=0.5');
    expect(german.json.userMessage).toMatch(/bitte versuchen Sie es erneut/);
    expect(german.headers['vary']).toContain('Accept-Language');
    expect((await order('xx')).json.userMessage).toBe('Checkout temporarily unavailable, try again');
  });

  it('names what is wrong with the input, and where', async () => {
    const answer = await family.web.client.get('/api/web/orders?limit=0&colour=red', { token });
    expect(answer.json.violations).toEqual(
      expect.arrayContaining([
        { in: 'query', pointer: '/limit', message: expect.any(String) },
        { in: 'query', pointer: '/colour', message: 'is not known' },
      ]),
    );
  });

  it('is sent whatever the client says it accepts, never compressed beyond recognition, and without a body to HEAD', async () => {
    const plain = await family.web.client.get('/api/web/nothing', {
      headers: { accept: 'text/html', 'accept-encoding': 'br, gzip' },
    });
    expect([plain.status, plain.headers['content-encoding'], plain.json.reason]).toEqual([
      404,
      undefined,
      'not_found',
    ]);
    const head = await family.web.client.call('HEAD', '/api/web/nothing');
    expect([head.status, head.text]).toEqual([404, '']);
    expect(head.headers['content-type']).toBe('application/problem+json');
  });
});
