import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Answer } from '@facet/testing/gateway';
import { head, json, raw, reset, ScriptedUpstream, hangUp, text, large } from '@facet/testing/upstreams';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

type Script = Parameters<ScriptedUpstream['always']>[0];

const page = { items: [], nextCursor: null };
const sound = json(page);

let family: Family;
let upstream: ScriptedUpstream;
let elsewhere: Server;
let strangers = 0;
let token: string;
beforeAll(async () => {
  upstream = await ScriptedUpstream.start(sound);
  elsewhere = createServer((_request, response) => {
    strangers++;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(page));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => elsewhere.once('listening', resolve));
  const proxy = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  family = await startFamily(['mobile'], {
    UPSTREAM_ORDERS_URL: upstream.url,
    UPSTREAM_CATALOG_URL: upstream.url,
    TIERS_FILE: join(import.meta.dirname, '../support/unlimited-tiers.json'),
    // A proxy of the environment would see every credential of every call.
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    ALL_PROXY: proxy,
    NODE_USE_ENV_PROXY: '',
  });
  token = await family.mobile.client.login('/api/mobile', 'enterprise');
});
afterAll(async () => {
  await family.stop();
  await upstream[Symbol.asyncDispose]();
  elsewhere.close();
});

/** A POST is sent once and, unlike a GET, repeated by nobody. */
const order = (): Promise<Answer> =>
  family.mobile.client.post(
    '/api/mobile/orders',
    { items: [{ productId: 'prd_0001', quantity: 1 }] },
    { token },
  );
const list = (): Promise<Answer> => family.mobile.client.get('/api/mobile/orders', { token });

async function closeBreaker(): Promise<void> {
  await fetch(`${family.mobile.gateway.managementUrl}/breakers/orders/reset`, { method: 'POST' });
}
beforeEach(() => {
  upstream.always(sound);
  return closeBreaker();
});

const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const body = JSON.stringify(page);

describe('an answer whose framing is in doubt is 502, and its socket is not used again:', () => {
  it.each<[string, Script]>([
    ['TE with CL', raw(`${ok}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n`)],
    ['TE not ending in chunked', raw(`${ok}transfer-encoding: chunked, gzip\r\n\r\n${body}`, 'end')],
    ['TE unknown', raw(`${ok}transfer-encoding: gzip\r\n\r\n${body}`, 'end')],
    ['TE twice', raw(`${ok}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`)],
    ['differing CLs', raw(`${ok}content-length: ${body.length}\r\ncontent-length: 1\r\n\r\n${body}`)],
    [
      'the same CL twice',
      raw(`${ok}content-length: ${body.length}\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
    ],
    ['CL with a sign', raw(`${ok}content-length: +${body.length}\r\n\r\n${body}`)],
    ['CL in words', raw(`${ok}content-length: all\r\n\r\n${body}`)],
    ['a space before the colon', raw(`${ok}content-length : ${body.length}\r\n\r\n${body}`)],
    ['obs-fold', raw(`${ok}x-a: b\r\n c\r\ncontent-length: ${body.length}\r\n\r\n${body}`)],
    ['a bare CR in a value', raw(`${ok}x-a: b\rc\r\ncontent-length: ${body.length}\r\n\r\n${body}`)],
    ['NUL in a value', raw(`${ok}x-a: b\0c\r\ncontent-length: ${body.length}\r\n\r\n${body}`)],
    ['a bad chunk size', raw(`${ok}transfer-encoding: chunked\r\n\r\nzz\r\n${body}\r\n0\r\n\r\n`)],
    ['no status line', raw('LPTH/7.7 FINE\r\n\r\n', 'end')],
    ['an odd version', raw(`HTTP/3.7 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)],
    ['a status of four digits', raw(`HTTP/1.1 2000 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)],
    ['a body cut short', raw(`${ok}content-length: 500\r\n\r\n${body}`, 'end')],
    ['chunks cut short', raw(`${ok}transfer-encoding: chunked\r\n\r\n5\r\n{"ite`, 'end')],
    ['no answer', hangUp],
    ['a reset', reset],
    ['64 KiB of headers', raw(`${ok}x-a: ${'a'.repeat(65_536)}\r\n\r\n${body}`)],
  ])('%s', async (_name, script) => {
    const before = upstream.requests.length;
    upstream.always(script);
    const answer = await order();
    expect(answer.status).toBe(503);
    expect(answer.headers['proxy-status']).toMatch(
      /^gateway-mobile; error=(http_protocol_error|http_response_incomplete|connection_terminated); next-hop=orders$/,
    );
    expect(upstream.requests.length).toBe(before + 1);
    const usedUp = upstream.requests.at(-1)?.connection;

    upstream.always(sound);
    await closeBreaker();
    expect((await list()).status).toBe(200);
    expect(upstream.requests.at(-1)?.connection).not.toBe(usedUp);
  });
});

describe('an answer that is sound but not what was asked for', () => {
  it.each<[string, Script, number, string]>([
    [
      'of HTML',
      text('<h1>hello</h1>', { headers: { 'content-type': 'text/html' } }),
      502,
      'upstream_protocol_error',
    ],
    ['without a type', text(body), 502, 'upstream_protocol_error'],
    [
      'of broken JSON',
      text('{"items":', { headers: { 'content-type': 'application/json' } }),
      502,
      'upstream_protocol_error',
    ],
    ['of another shape', json({ items: 'none' }), 502, 'upstream_protocol_error'],
    ['of a list', json([]), 502, 'upstream_protocol_error'],
    [
      'without a body',
      text('', { headers: { 'content-type': 'application/json' } }),
      502,
      'upstream_protocol_error',
    ],
    [
      'in a coding nobody asked for',
      text(gzipSync(body), { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }),
      502,
      'upstream_protocol_error',
    ],
    [
      'larger than its cap',
      large(64 * 1024 * 1024, { headers: { 'content-type': 'application/json' } }),
      502,
      'upstream_body_too_large',
    ],
    ['of another status', json({}, { status: 418 }), 422, 'unprocessable'],
    ['of 500', json({}, { status: 500 }), 502, 'upstream_error'],
    [
      'of 206 for the whole',
      json(page, { status: 206, headers: { 'content-range': 'bytes 0-1/9' } }),
      502,
      'upstream_error',
    ],
  ])('%s', async (_name, script, status, reason) => {
    upstream.always(script);
    const answer = await list();
    expect([answer.status, answer.json?.reason]).toEqual([status, reason]);
  });

  it('a bomb costs no memory', async () => {
    const zeros = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    upstream.always(
      text(zeros, { headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } }),
    );
    expect((await list()).status).toBe(502);
  });
});

describe('bytes behind an answer', () => {
  it('are never another answer', async () => {
    const poisoned = { items: [], nextCursor: 'poisoned' };
    const second = `${ok}content-length: ${JSON.stringify(poisoned).length}\r\n\r\n${JSON.stringify(poisoned)}`;
    upstream.always(raw(`${ok}content-length: ${body.length}\r\n\r\n${body}${second}`));
    const answers = await Promise.all(Array.from({ length: 20 }, list));
    expect(
      answers.map(({ json: answer }) => answer?.nextCursor).filter((cursor) => cursor === 'poisoned'),
    ).toEqual([]);
  });

  it('of interim answers and trailers are not part of the answer', async () => {
    upstream.always(
      raw(
        `HTTP/1.1 103 Early Hints\r\nset-cookie: a=b\r\nlink: </x>\r\n\r\n${ok}trailer: set-cookie\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\nset-cookie: evil=1\r\nx-user: admin\r\n\r\n`,
      ),
    );
    const { status, headers } = await list();
    expect(status).toBe(200);
    expect(JSON.stringify(headers)).not.toMatch(/cookie|evil|admin|link/);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308, 300, 305])('of %d is not followed, whoever it names', async (status) => {
    const { port } = elsewhere.address() as AddressInfo;
    for (const location of [`http://127.0.0.1:${port}/orders`, '/other', `//127.0.0.1:${port}/`]) {
      upstream.always(raw(head(status, { location, 'content-length': '0' })));
      const answer = await list();
      expect([answer.status, answer.json?.reason]).toEqual([502, 'upstream_error']);
      expect(answer.headers['location']).toBeUndefined();
    }
    expect(strangers).toBe(0);
  });
});

describe('a cache', () => {
  const cacheable = 'cache-control: public, max-age=3600\r\netag: "a"\r\n';
  const products = (): Promise<Answer> => family.mobile.client.get('/api/mobile/products?limit=7');

  it('keeps nothing that is incomplete, in doubt or a part', async () => {
    for (const script of [
      raw(`${ok}${cacheable}content-length: 500\r\n\r\n${body}`, 'end'),
      raw(
        `${ok}${cacheable}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`,
        'end',
      ),
      raw(`${ok}${cacheable}content-length: ${body.length}\r\ncontent-length: 1\r\n\r\n${body}`, 'end'),
      raw(
        `${ok.replace('200', '206')}${cacheable}content-range: bytes 0-9/99\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ),
    ]) {
      upstream.always(script);
      expect((await products()).status).toBe(502);
    }
    await fetch(`${family.mobile.gateway.managementUrl}/breakers/catalog/reset`, { method: 'POST' });
    upstream.always(json(page, { headers: { 'cache-control': 'public, max-age=3600' } }));
    const fresh = await products();
    expect([fresh.status, fresh.headers['cache-status']]).toEqual([
      200,
      expect.stringContaining('fwd=uri-miss'),
    ]);
    upstream.always(reset);
    const kept = await products();
    expect([kept.status, kept.headers['cache-status']]).toEqual([200, expect.stringContaining('hit')]);
  });
});

describe('what an upstream says of itself', () => {
  it('stays inside: no field of its answer leaves', async () => {
    upstream.always(
      json(page, {
        headers: {
          server: 'orders/1.2',
          'x-powered-by': 'Express',
          'set-cookie': ['a=b', 'c=d'],
          'x-internal-host': '10.0.0.1',
          'access-control-allow-origin': '*',
          'strict-transport-security': 'max-age=0',
          'content-security-policy': 'default-src *',
          'x-frame-options': 'ALLOWALL',
          ratelimit: '"x";r=0',
          'x-request-id': 'theirs',
          'cache-control': 'public, max-age=99999',
          via: '1.1 orders',
          age: '7',
        },
      }),
    );
    const { status, headers } = await list();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-request-id': expect.not.stringContaining('theirs'),
    });
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^(server|x-powered-by|set-cookie|x-internal-host|access-control-.*|strict-.*|x-frame-options|age)$/,
        ),
      ]),
    );
  });
});

describe('calls', () => {
  it('go to the declared upstreams alone, whatever proxy the environment names', () => {
    expect(upstream.requests.length).toBeGreaterThan(30);
    expect(strangers).toBe(0);
  });
});
