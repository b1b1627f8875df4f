import { createHash } from 'node:crypto';
import { Public } from '@facet/auth';
import { Answers } from '@facet/http';
import { exchange } from '@facet/testing/http';
import { HttpClient } from '@facet/testing/gateway';
import { hang, json, reset, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import { Type } from 'typebox';
import { RouteGateway } from '../support/route-gateway.ts';

const apiKey = 'fk_test_0000000000000001';

const from = Type.Object({ from: Type.String() });

@Controller('orders')
class OrdersController {
  @Public()
  @Answers(from)
  @Get(':id')
  order(): { from: string } {
    return { from: 'endpoint' };
  }
  @Public()
  @Answers(from)
  @Post()
  create(): { from: string } {
    return { from: 'endpoint' };
  }
}

let upstream: ScriptedUpstream;
let gateway: RouteGateway;
let client: HttpClient;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start();
  const route = (id: string, path: string, policy: object) => ({
    id,
    path,
    upstream: upstream.url,
    auth: 'public',
    limits: 'off',
    ...policy,
  });
  gateway = await RouteGateway.start({
    upstreams: [{ name: 'orders', url: `${upstream.url}/base`, breaker: 'off' }],
    controllers: [OrdersController],
    values: { relay: 's3cret' },
    config: {
      apiKeys: {
        entries: [
          {
            id: 'key-1',
            sha256: createHash('sha256').update(apiKey).digest('hex'),
            subject: 'partner',
            tier: 'paid',
            scopes: ['orders.read'],
          },
        ],
      },
      server: { corsOrigins: ['https://app.example'] },
    },
    file: JSON.stringify({
      routes: [
        route('orders', '/orders/*', { upstream: 'orders' }),
        route('read', '/read', { methods: ['GET'] }),
        route('write', '/read', { methods: ['PUT', 'PATCH'] }),
        route('jwt', '/jwt', { auth: 'jwt' }),
        route('scoped', '/scoped', { auth: 'any', scopes: ['orders.read'] }),
        route('key', '/key', { auth: 'apiKey' }),
        route('tier', '/tier', { limits: undefined }),
        route('limited', '/limited', {
          limits: [{ per: 'route', rate: '1/h' }],
          cors: { origins: ['https://shop.example'] },
        }),
        route('cors-off', '/cors-off', { cors: 'off' }),
        route('small', '/small', { bodyLimitBytes: 10 }),
        route('slow', '/slow', { timeoutMs: 60 }),
        route('retried', '/retried', { upstream: 'orders', retry: { attempts: 2 } }),
        route('once', '/once', { upstream: 'orders', retry: 'off' }),
        route('plain', '/plain', { compression: 'off' }),
        route('strip', '/strip/*', { stripPrefix: true }),
        route('rewrite', '/rewrite/:a/*', { rewrite: '/v2/:a/x/*' }),
        route('changed', '/changed/:id', {
          auth: 'any',
          request: {
            headers: {
              remove: ['x-gone'],
              set: { 'x-who': '${principal.subject} ${params.id}', authorization: 'Bearer ${config.relay}' },
            },
            query: { remove: ['secret'], set: { user: '${principal.subject}' } },
          },
          response: {
            headers: {
              rename: { 'x-old': 'x-new' },
              set: { 'set-cookie': { value: 'g=1', mode: 'append' } },
            },
          },
        }),
        route('beta', '/flag', { match: { headers: { 'x-beta': '1' } }, rewrite: '/beta' }),
        route('stable', '/flag', { rewrite: '/stable' }),
      ],
    }),
  });
  client = new HttpClient(gateway.url);
});
afterAll(async () => {
  await client.close();
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});
beforeEach(() => {
  upstream.always(json({ from: 'upstream' }));
  upstream.requests.length = 0;
});

const at = (path: string) => `/api/web${path}`;
const token = (claims: object = {}) => gateway.token({ ...claims });

describe('which route', () => {
  it('is none where an endpoint is', async () => {
    expect((await client.get(at('/orders/1'))).json).toEqual({ from: 'endpoint' });
    expect((await client.get(at('/orders/1/items'))).json).toEqual({ from: 'upstream' });
    expect((await client.call('DELETE', at('/orders/1'))).json).toEqual({ from: 'upstream' });
    expect(upstream.requests.map(({ target }) => target)).toEqual([
      '/base/api/web/orders/1/items',
      '/base/api/web/orders/1',
    ]);
  });

  it('is 404 where there is none, and 405 with Allow where there is one for another method', async () => {
    expect((await client.get(at('/nothing'))).status).toBe(404);
    expect((await client.get('/read')).status).toBe(404);
    const refused = await client.call('DELETE', at('/read'));
    expect([refused.status, refused.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS, PATCH, PUT']);
    const options = await client.call('OPTIONS', at('/read'));
    expect([options.status, options.headers['allow']]).toEqual([204, 'GET, HEAD, OPTIONS, PATCH, PUT']);
    expect(upstream.requests).toHaveLength(0);
  });

  it('goes by headers', async () => {
    await client.get(at('/flag'));
    await client.get(at('/flag'), { headers: { 'X-Beta': '1' } });
    expect(upstream.requests.map(({ target }) => target)).toEqual(['/stable', '/beta']);
  });

  it('is what logs and metrics are told, never the path', async () => {
    await client.get(at('/rewrite/secret-id/x'));
    expect(gateway.log.at(-1)).toMatchObject({ route: '/api/web/rewrite/:a/*', status: 200, attempts: 1 });
  });
});

describe('who', () => {
  it('comes in with a token only', async () => {
    const refused = await client.get(at('/jwt'));
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      expect.stringContaining('Bearer'),
    ]);
    expect((await client.get(at('/jwt'), { apiKey })).status).toBe(401);
    expect(upstream.requests).toHaveLength(0);
    expect((await client.get(at('/jwt'), { token: await token() })).status).toBe(200);
    const request = upstream.requests[0];
    expect([
      request?.header('x-user-id'),
      request?.header('x-user-tier'),
      request?.header('authorization'),
    ]).toEqual(['usr_1', 'premium', undefined]);
  });

  it('comes in with a key only', async () => {
    expect((await client.get(at('/key'), { token: await token() })).status).toBe(401);
    expect((await client.get(at('/key'), { apiKey })).status).toBe(200);
    expect(upstream.requests[0]?.header('x-user-id')).toBe('partner');
    expect(upstream.requests[0]?.header('x-api-key')).toBeUndefined();
  });

  it('needs the scopes', async () => {
    expect((await client.get(at('/scoped'), { token: await token() })).status).toBe(403);
    expect((await client.get(at('/scoped'), { token: await token({ scope: 'orders.read' }) })).status).toBe(
      200,
    );
    expect((await client.get(at('/scoped'), { apiKey })).status).toBe(200);
  });

  it('gets no answer that others may keep', async () => {
    expect((await client.get(at('/jwt'), { token: await token() })).headers['cache-control']).toBe(
      'no-store',
    );
    upstream.always(json({}, { headers: { 'cache-control': 'private, max-age=5' } }));
    expect((await client.get(at('/jwt'), { token: await token() })).headers['cache-control']).toBe(
      'private, max-age=5',
    );
  });
});

describe('how often', () => {
  it('goes by the tier unless the route says otherwise', async () => {
    const limited = await client.get(at('/tier'));
    expect(limited.headers['ratelimit-policy']).toBe('"anonymous";q=60;w=60');
    expect((await client.get(at('/read'))).headers['ratelimit-policy']).toBeUndefined();
  });

  it('is refused with all that a browser needs to read it', async () => {
    const headers = { origin: 'https://shop.example' };
    expect((await client.get(at('/limited'), { headers })).status).toBe(200);
    const refused = await client.get(at('/limited'), { headers });
    expect(refused.json).toMatchObject({ message: 'Too Many Requests', code: 429, reason: 'rate_limited' });
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    expect(refused.headers['ratelimit']).toContain('"limited-route";r=0');
    expect(refused.headers['access-control-allow-origin']).toBe('https://shop.example');
    expect(refused.headers['vary']).toContain('Origin');
  });
});

describe('CORS', () => {
  const preflight = (path: string, origin: string) =>
    client.call('OPTIONS', at(path), { headers: { origin, 'access-control-request-method': 'GET' } });

  it('is the route’s own list, for preflights too', async () => {
    const allowed = await preflight('/limited', 'https://shop.example');
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([
      204,
      'https://shop.example',
    ]);
    for (const origin of [
      'https://app.example',
      'https://shop.example.evil.test',
      'http://shop.example',
      'null',
    ]) {
      expect((await preflight('/limited', origin)).headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(upstream.requests).toHaveLength(0);
  });

  it('is the gateway’s otherwise, and never the upstream’s', async () => {
    upstream.always(json({}, { headers: { 'access-control-allow-origin': '*' } }));
    const get = (origin: string) => client.get(at('/read'), { headers: { origin } });
    expect((await get('https://app.example')).headers['access-control-allow-origin']).toBe(
      'https://app.example',
    );
    expect((await get('https://evil.test')).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is left to the upstream when off', async () => {
    upstream.always(json({}, { headers: { 'access-control-allow-origin': '*' } }));
    const answer = await preflight('/cors-off', 'https://any.test');
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, '*']);
    expect(upstream.requests[0]?.method).toBe('OPTIONS');
  });
});

describe('how much', () => {
  it('is refused unread when declared, cut off when not, and the connection closed', async () => {
    const declared = await exchange(
      gateway.url,
      `POST ${at('/small')} HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n`,
    );
    expect(declared).toMatch(/^HTTP\/1\.1 413 [^]*\r\nconnection: close\r\n/i);
    expect(upstream.requests).toHaveLength(0);
    const chunked = await exchange(
      gateway.url,
      `POST ${at('/small')} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n12345678\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 [^]*\r\nconnection: close\r\n/i);
    expect((await client.post(at('/small'), 12345)).status).toBe(200);
  });
});

describe('how long', () => {
  it('is the route’s own limit', async () => {
    upstream.always(hang);
    const started = performance.now();
    const answer = await client.get(at('/slow'));
    expect([answer.status, answer.json.reason]).toEqual([504, 'upstream_timeout']);
    expect(answer.headers['proxy-status']).toBe(
      'gateway-web; error=http_response_timeout; next-hop=route-read',
    );
    expect(performance.now() - started).toBeGreaterThanOrEqual(60);
  });

  it('is also that of an upload, once it is there', async () => {
    upstream.always(hang);
    expect((await client.post(at('/slow'), { a: 1 })).json.reason).toBe('upstream_timeout');
  });
});

describe('again', () => {
  it('an idempotent request is sent, when the route says so, after a reset or a 503', async () => {
    upstream.next(reset);
    expect((await client.get(at('/retried'))).status).toBe(200);
    upstream.next(text('', { status: 503 }));
    expect((await client.get(at('/retried'))).status).toBe(200);
    expect(upstream.requests).toHaveLength(4);
    upstream.next(reset);
    expect((await client.post(at('/retried'), {})).status).toBe(502);
    expect(upstream.requests).toHaveLength(5);
  });

  it('nothing is sent when the route says off', async () => {
    upstream.next(reset, text('sorry', { status: 503 }));
    expect((await client.get(at('/once'))).status).toBe(502);
    const { status, text: body } = await rawGet('/once');
    expect([status, body, upstream.requests.length]).toEqual([503, 'sorry', 2]);
  });
});

describe('compression', () => {
  const large = json('x'.repeat(4096));
  const get = (path: string) => client.get(at(path), { headers: { 'accept-encoding': 'gzip' } });

  it('is the gateway’s unless off', async () => {
    upstream.always(large);
    expect((await get('/read')).headers['content-encoding']).toBe('gzip');
    expect((await get('/plain')).headers).toMatchObject({ 'content-length': '4098' });
  });
});

describe('what the upstream gets and what the client gets', () => {
  it('has another path', async () => {
    await client.get(at('/strip/a%20b/?q'));
    await client.get(at('/rewrite/%C3%A9/b/c?q=1'));
    expect(upstream.requests.map(({ target }) => target)).toEqual([
      '/strip/a%20b/?q',
      '/v2/%C3%A9/x/b/c?q=1',
    ]);
  });

  it('is changed by the rules of the route', async () => {
    upstream.always(json({}, { headers: { 'x-old': '1', 'set-cookie': ['a=1', 'b=2'] } }));
    const answer = await client.get(at('/changed/4%202?secret=1&q=a+b&user=root'), {
      token: await token(),
      headers: { 'x-gone': '1', 'x-kept': '1' },
    });
    const request = upstream.requests[0];
    expect(request?.target).toBe('/api/web/changed/4%202?q=a+b&user=usr_1');
    expect(request?.header('x-who')).toBe('usr_1 4 2');
    expect(request?.header('authorization')).toBe('Bearer s3cret');
    expect(request?.header('x-gone')).toBeUndefined();
    expect(request?.header('x-kept')).toBe('1');
    expect(answer.headers['x-new']).toBe('1');
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2', 'g=1']);
  });
});

describe('an upstream that is not there', () => {
  it('is a 502 problem that names no address', async () => {
    await using dead = await ScriptedUpstream.start();
    const { url } = dead;
    await dead[Symbol.asyncDispose]();
    await using other = await RouteGateway.start({
      routes: [{ id: 'dead', path: '/dead', upstream: url, auth: 'public', limits: 'off' }],
    });
    const otherClient = new HttpClient(other.url);
    const answer = await otherClient.get(at('/dead'));
    await otherClient.close();
    expect([answer.status, answer.json.reason]).toEqual([502, 'connection_refused']);
    expect(answer.text + JSON.stringify(answer.headers)).not.toContain(new URL(url).port);
  });
});

/** An upstream's own error page is no problem of ours, which the client would insist on. */
async function rawGet(path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${gateway.url}${at(path)}`);
  return { status: answer.status, text: await answer.text() };
}
