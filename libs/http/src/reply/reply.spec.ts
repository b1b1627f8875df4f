import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Options, Post, Res } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type RequestContext } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { startTestGateway } from '@facet/testing/http';
import { type FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Type } from 'typebox';
import { Answers, CacheControl, Context, type Gateway } from '../index.ts';
import * as http from '../index.ts';

const schema = Type.Object({ text: Type.String() });
const long = 'facet '.repeat(500);

@Controller()
class TextController {
  @Get('short')
  @Answers(schema)
  short() {
    return { text: 'hi' };
  }

  @Get('long')
  @Answers(schema)
  @CacheControl('public, max-age=3600')
  long() {
    return { text: long };
  }

  @Get('stream')
  stream(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.header('content-type', 'text/plain').header('etag', '"strong"').header('server', 'nginx');
    return Readable.from([long]);
  }

  @Get('partial')
  @CacheControl('public, max-age=3600')
  @Answers(schema)
  partial(@Context() context: RequestContext) {
    context.decisions.gaps = [{ part: 'offers', reason: 'upstream_timeout' }];
    return { text: 'hi' };
  }

  @Options('any')
  any() {
    return undefined;
  }

  @Get('fails')
  @CacheControl('public, max-age=3600')
  fails(@Res({ passthrough: true }) reply: FastifyReply) {
    reply.header('etag', '"x"').header('set-cookie', 'a=1');
    throw new GatewayError('rate_limited', { retryAfterMs: 1500, headers: { RateLimit: '"free";r=0;t=2' } });
  }

  @Get('upstream')
  upstream() {
    throw new GatewayError('upstream_unavailable', {
      upstream: 'orders',
      userMessage: 'checkout_unavailable',
    });
  }

  @Post('short')
  create() {
    return undefined;
  }
}

describe('replies', () => {
  let gateway: Gateway;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    const config = { server: { corsOrigins: ['https://shop.example'], trustedProxies: ['10.0.0.0/8'] } };
    ({ gateway } = await startTestGateway(http, [TextController], { config }));
    app = gateway.app;
  });
  afterAll(() => gateway.close());

  const get = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
    app.inject({ method, url: `/api/web${url}`, headers });

  it('carries the security fields, and nothing that names the software', async () => {
    const { headers } = await get('/short');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  it('lets nobody keep an answer with gaps', async () => {
    expect((await get('/partial')).headers['cache-control']).toBe('private, no-cache');
  });

  it('sends HSTS behind TLS only, as a trusted proxy reports it', async () => {
    const proto = { 'x-forwarded-proto': 'https' };
    expect((await get('/short', proto)).headers).not.toHaveProperty('strict-transport-security');
    const trusted = await app.inject({ url: '/api/web/short', headers: proto, remoteAddress: '10.1.2.3' });
    expect(trusted.headers['strict-transport-security']).toMatch(/^max-age=\d+/);
  });

  describe('validators', () => {
    it('answers 304 to HEAD too', async () => {
      const headers = { 'if-none-match': String((await get('/long')).headers['etag']) };
      const second = await app.inject({ method: 'HEAD', url: '/api/web/long', headers });
      expect([second.statusCode, second.body]).toEqual([304, '']);
      expect(second.headers).not.toHaveProperty('content-length');
    });

    it('varies a 304 by what the 200 varies by', async () => {
      const first = await get('/long');
      const second = await get('/long', { 'if-none-match': String(first.headers['etag']) });
      expect([second.statusCode, second.headers['vary']]).toEqual([304, first.headers['vary']]);
      expect(second.headers['vary']).toContain('Accept-Encoding');
    });

    it('answers 304 without a body to who has it', async () => {
      const first = await get('/long');
      const etag = String(first.headers['etag']);
      expect(etag).toMatch(/^W\/"[\w-]+"$/);
      for (const ifNoneMatch of [etag, '*', `"other", ${etag}`, etag.slice(2)]) {
        const second = await get('/long', { 'if-none-match': ifNoneMatch });
        expect([second.statusCode, second.body]).toEqual([304, '']);
        expect(second.headers).toMatchObject({ etag, 'cache-control': 'public, max-age=3600' });
        expect(second.headers).not.toHaveProperty('content-type');
      }
      expect((await get('/long', { 'if-none-match': '"other"' })).statusCode).toBe(200);
    });

    it('gives the same validator whatever the coding', async () => {
      const plain = await get('/long');
      const coded = await get('/long', { 'accept-encoding': 'br' });
      expect(coded.headers['etag']).toBe(plain.headers['etag']);
    });

    it('leaves unsafe methods and failures without', async () => {
      const created = await app.inject({ method: 'POST', url: '/api/web/short' });
      expect(created.headers).not.toHaveProperty('etag');
      expect((await get('/fails')).headers).not.toHaveProperty('etag');
    });
  });

  describe('content coding', () => {
    it.each([
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['gzip;q=1, br;q=0.5', 'gzip'],
      ['br;q=0, *', 'gzip'],
      ['*', 'br'],
      ['deflate', undefined],
      ['identity, gzip;q=0.5', undefined],
      ['gzip;q=0', undefined],
      ['gzip;q=nonsense', undefined],
    ])('Accept-Encoding: %s gives %s', async (accepted, coding) => {
      const response = await get('/long', { 'accept-encoding': accepted });
      expect(response.headers['content-encoding']).toBe(coding);
      expect(response.headers['vary']).toContain('Accept-Encoding');
      const body = response.rawPayload;
      const decoded =
        coding === 'br' ? brotliDecompressSync(body) : coding === 'gzip' ? gunzipSync(body) : body;
      expect(JSON.parse(decoded.toString())).toEqual({ text: long });
      expect(Number(response.headers['content-length'])).toBe(body.length);
    });

    it('leaves what is short alone', async () => {
      expect((await get('/short', { 'accept-encoding': 'br' })).headers).not.toHaveProperty(
        'content-encoding',
      );
    });

    it('codes streams as they pass and weakens their validator', async () => {
      const response = await get('/stream', { 'accept-encoding': 'gzip' });
      expect(gunzipSync(response.rawPayload).toString()).toBe(long);
      expect(response.headers['etag']).toBe('W/"strong"');
    });

    it('answers HEAD with the fields of GET and no body', async () => {
      const whole = await get('/long', { 'accept-encoding': 'gzip' });
      const head = await get('/long', { 'accept-encoding': 'gzip' }, 'HEAD');
      expect(head.body).toBe('');
      for (const name of ['etag', 'content-length', 'content-encoding', 'content-type', 'cache-control']) {
        expect(head.headers[name]).toBe(whole.headers[name]);
      }
    });
  });

  describe('problems', () => {
    it('are never stored and carry what their reason needs', async () => {
      const { headers } = await get('/fails');
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'retry-after': '2',
        ratelimit: '"free";r=0;t=2',
      });
      expect(headers).not.toHaveProperty('set-cookie');
    });

    it('name the upstream at fault in Proxy-Status and speak to the user in their language', async () => {
      const response = await get('/upstream', { 'accept-language': 'de-AT, en;q=0.5' });
      expect(response.headers).toMatchObject({
        'proxy-status': 'gateway-web; error=destination_unavailable; next-hop=orders',
        'retry-after': '1',
        vary: expect.stringContaining('Accept-Language'),
      });
      expect(response.json()).toMatchObject({
        retryAfter: 1,
        userMessage: expect.stringMatching(/Bestellvorgang/),
      });
    });
  });

  describe('CORS', () => {
    const origin = 'https://shop.example';

    it.each(['/short', '/fails', '/nowhere'])('lets the exact origin read %s', async (url) => {
      const { headers } = await get(url, { origin });
      expect(headers).toMatchObject({
        'access-control-allow-origin': origin,
        vary: expect.stringContaining('Origin'),
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    });

    it.each([
      'null',
      'http://shop.example',
      'https://shop.example.evil.example',
      'https://evilshop.example',
      'https://shop.example:8443',
      'https://SHOP.example',
    ])('does not reflect %s', async (other) => {
      const { headers } = await get('/short', { origin: other });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers['vary']).toContain('Origin');
    });

    const preflight = (from: string) =>
      app.inject({
        method: 'OPTIONS',
        url: '/api/web/short',
        headers: { origin: from, 'access-control-request-method': 'POST' },
      });

    it('answers preflights', async () => {
      const { statusCode, headers } = await preflight(origin);
      expect(statusCode).toBe(204);
      expect(headers['access-control-allow-methods']).toContain('POST');
      expect(headers['access-control-allow-headers']).toContain('Authorization');
      expect(headers['access-control-max-age']).toBe('600');
      expect(headers['x-request-id']).toBeDefined();
    });

    it('permits nothing to other origins', async () => {
      const { statusCode, headers } = await preflight('https://evil.example');
      expect(statusCode).toBe(204);
      expect(headers).not.toHaveProperty('access-control-allow-methods');
    });
  });

  it('names the methods of a path', async () => {
    const options = await app.inject({ method: 'OPTIONS', url: '/api/web/short' });
    expect([options.statusCode, options.headers['allow']]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
    const refused = await app.inject({ method: 'DELETE', url: '/api/web/short' });
    expect([refused.statusCode, refused.headers['allow']]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
  });

  it('answers OPTIONS itself when no hop may pass it on', async () => {
    const headers = { 'max-forwards': '0' };
    const response = await app.inject({ method: 'OPTIONS', url: '/api/web/any', headers });
    expect([response.statusCode, response.headers['allow']]).toEqual([204, 'OPTIONS']);
    const passed = await app.inject({
      method: 'OPTIONS',
      url: '/api/web/any',
      headers: { 'max-forwards': '1' },
    });
    expect(passed.statusCode).toBe(200);
  });

  it('does not let a header choose the method', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/web/long',
      headers: { 'x-http-method-override': 'GET' },
    });
    expect(response.statusCode).toBe(405);
  });
});
