import { connect } from 'node:net';
import { type LogLine } from '@facet/testing/gateway';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startFamily } from '../support/family.ts';
import { bytesOf, onTheWire } from '../support/wire.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';

let log: readonly LogLine[];
let stderr: string;
/** Requests that were answered as requests; what never became one has no line of its own. */
const asked: string[] = [];

/** Everything is asked first; lines are gathered before they are written, so they are read once the gateway has left. */
beforeAll(async () => {
  const family = await startFamily(['mobile'], { LOG_LEVEL: 'info' });
  const { client, gateway } = family.mobile;
  const id = (name: string): { 'x-request-id': string } => {
    asked.push(name);
    return { 'x-request-id': name };
  };
  try {
    const token = await client.login('/api/mobile', 'premium');
    const get = (name: string, path: string, headers: Record<string, string> = {}) =>
      client.get(`/api/mobile${path}`, { token, headers: { ...id(name), ...headers } });
    await get('list', '/orders?limit=1', { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    await get('missing', '/orders/ord_0');
    await get('legacy', '/v1/orders?limit=1');
    await get('home', '/home');
    await get('nowhere', '/nothing/at/all');
    await get('ambiguous', '//orders');
    await get('invalid', '/orders?limit=0');
    await client.get('/api/mobile/products?limit=1', { headers: id('cold') });
    await client.get('/api/mobile/products?limit=1', { headers: id('warm') });
    await client.get('/api/mobile/orders', { headers: id('anonymous') });
    await client.get('/api/mobile/orders', { token: 'a.b.c', headers: id('forged') });
    await client.post(
      '/api/mobile/payments/charge',
      { amount: 1, currency: 'EUR' },
      { apiKey: 'fk_dev_paid_0000000000000002', headers: id('charge') },
    );
    await client.call('PROPFIND', '/api/mobile/orders', { headers: id('propfind') });
    await client.call('HEAD', '/health', { headers: id('head') });
    family.stack.services.orders.setFaults({ status: 500 });
    await get('down', '/orders');
    family.stack.services.orders.clearFaults();
    const { users } = family.stack.services;
    users.clearHits();
    users.setFaults({ latencyMs: 60_000 });
    await leave(
      gateway.url,
      bytesOf({
        target: '/api/mobile/user',
        lines: [`Authorization: Bearer ${token}`, `X-Request-Id: ${id('left')['x-request-id']}`],
      }),
      () => users.hits()['/users/usr_premium'] !== undefined,
    );
    await onTheWire(gateway.url, 'garbage\r\n\r\n');
  } finally {
    await family.stop();
  }
  ({ log } = gateway);
  stderr = gateway.stderr();
});

/** Sends a request and goes away once it has got as far as it should. */
async function leave(url: string, bytes: string, hasArrived: () => boolean): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(bytes));
  while (!hasArrived()) await new Promise((resolve) => setImmediate(resolve));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.destroy();
  await closed;
}

const requests = (): LogLine[] => log.filter(({ msg }) => msg === 'request');
const lineOf = (requestId: string): LogLine => {
  const lines = requests().filter((line) => line['requestId'] === requestId);
  expect([requestId, lines.length]).toEqual([requestId, 1]);
  return lines[0] ?? {};
};

describe('the log', () => {
  it('is JSON, line by line, with a time and a level; nothing is on stderr', () => {
    expect(log.filter((line) => 'unparsed' in line)).toEqual([]);
    for (const { time, level, gateway } of log) {
      expect(new Date(String(time)).toISOString()).toBe(time);
      expect(['debug', 'info', 'warn', 'error', 'fatal']).toContain(level);
      expect(gateway).toBe('gateway-mobile');
    }
    expect(stderr).toBe('');
  });

  it('has one line for each request, answered or left, and no other', () => {
    for (const name of asked) lineOf(name);
    // The login chose no id of its own.
    expect(requests().length).toBe(asked.length + 1);
  });

  it('says of each what operators rely on', () => {
    expect(lineOf('list')).toEqual({
      time: expect.any(String),
      level: 'info',
      msg: 'request',
      requestId: 'list',
      traceId,
      gateway: 'gateway-mobile',
      route: '/api/mobile/orders',
      method: 'GET',
      httpVersion: '1.1',
      status: 200,
      durationMs: expect.any(Number),
      upstreamMs: expect.any(Number),
      principal: { kind: 'bearer', subject: 'usr_premium' },
      tier: 'premium',
      limit: expect.any(String),
      attempts: 1,
    });
    expect(Number(lineOf('list')['upstreamMs'])).toBeGreaterThan(0);
  });

  it.each<[string, Record<string, unknown>]>([
    ['missing', { route: '/api/mobile/orders/:id', status: 404, reason: 'not_found', attempts: 1 }],
    ['legacy', { route: '/api/mobile/orders', status: 200 }],
    ['home', { route: '/api/mobile/home', status: 200 }],
    ['nowhere', { route: 'unmatched', status: 404, reason: 'not_found', attempts: 0 }],
    ['ambiguous', { status: 400, reason: 'malformed_request' }],
    ['invalid', { status: 400, reason: 'invalid_input', attempts: 0, upstreamMs: 0 }],
    [
      'anonymous',
      {
        status: 401,
        reason: 'unauthenticated',
        tier: 'anonymous',
        principal: { kind: 'anonymous', subject: expect.any(String) },
      },
    ],
    [
      'forged',
      { status: 401, reason: 'invalid_token', principal: expect.objectContaining({ kind: 'anonymous' }) },
    ],
    [
      'charge',
      {
        status: 201,
        route: '/api/mobile/payments/charge',
        method: 'POST',
        principal: { kind: 'apiKey', subject: 'usr_paid' },
      },
    ],
    ['propfind', { status: 405, method: 'OTHER', reason: 'method_not_allowed' }],
    ['head', { status: 200, method: 'HEAD', route: '/health' }],
    ['down', { status: 502, level: 'error', reason: 'upstream_error', attempts: expect.any(Number) }],
    ['left', { status: 499, reason: 'client_closed_request', route: '/api/mobile/user' }],
    ['cold', { status: 200, cache: expect.stringMatching(/miss/) }],
    ['warm', { status: 200, cache: expect.stringMatching(/hit/), attempts: 0 }],
  ])('tells what became of %s', (name, expected) => {
    expect(lineOf(name)).toMatchObject(expected);
  });

  it('has no control bytes and no endless fields', () => {
    const texts = (value: unknown): string[] =>
      typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [String(value)];
    for (const text of log.flatMap(texts)) {
      expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      expect(text.length).toBeLessThanOrEqual(4_096);
    }
  });
});
