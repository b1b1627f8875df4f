import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RequestContext } from '@facet/context';
import { FakeClock, testContext } from '@facet/testing';
import { fastify, type FastifyInstance } from 'fastify';
import { MemoryThrottleStore } from './memory/memory-throttle.store.ts';
import { RefusalBucket } from './refusal-bucket.ts';
import { addRefusalHooks } from './refusal.hooks.ts';

describe('refusal hooks', () => {
  let clock: FakeClock;
  let server: FastifyInstance;
  let bodiesRead: number;

  beforeEach(() => {
    clock = new FakeClock();
    bodiesRead = 0;
    server = fastify();
    server.addHook('onRequest', (request, _reply, done) => {
      const clientAddress = request.headers['test-address'] as string;
      if (clientAddress)
        (request as { facet?: RequestContext }).facet = testContext({ clock, clientAddress });
      done();
    });
    const bucket = new RefusalBucket(new MemoryThrottleStore(clock), {
      limit: 60,
      windowMs: 60_000,
      burst: 3,
    });
    addRefusalHooks(server, bucket);
    server.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => {
      bodiesRead++;
      done(null, body);
    });
    server.post('/:status', (request, reply) => {
      void reply.code(Number((request.params as { status: string }).status)).send('x');
    });
  });
  afterEach(() => server.close());

  const post = async (status: number, address = '192.0.2.1') => {
    const headers = { 'content-type': 'text/plain', ...(address ? { 'test-address': address } : {}) };
    return (await server.inject({ method: 'POST', url: `/${status}`, headers, body: 'b' })).statusCode;
  };
  const posts = async (count: number, status: number, address?: string) => {
    const statuses = [];
    for (let round = 0; round < count; round++) statuses.push(await post(status, address));
    return statuses;
  };

  it.each([400, 401, 403])('turns an address away unread after too many %d', async (status) => {
    expect(await posts(3, status)).toEqual([status, status, status]);
    expect(await posts(2, 200)).toEqual([429, 429]);
    expect(bodiesRead).toBe(3);
  });

  it.each([200, 404, 429, 503])('never counts %d', async (status) => {
    expect(new Set(await posts(50, status))).toEqual(new Set([status]));
  });

  it('leaves other addresses alone, counts an IPv6 /64 as one', async () => {
    await posts(3, 401, '2001:db8::1');
    expect(await post(200, '2001:db8::2')).toBe(429);
    expect(await post(200, '2001:db8:0:1::2')).toBe(200);
  });

  it('welcomes the address again as the bucket refills; being turned away does not count', async () => {
    await posts(3, 401);
    await posts(20, 200);
    await clock.advance(1000);
    expect(await posts(3, 200)).toEqual([200, 200, 200]);
  });

  it('never turns a health check away', async () => {
    server.get('/health', () => 'healthy');
    const headers = { 'test-address': '192.0.2.1' };
    await posts(3, 401);
    expect(await post(200)).toBe(429);
    expect((await server.inject({ url: '/health', headers })).statusCode).toBe(200);
  });

  it('does nothing for a request without a context', async () => {
    expect(new Set(await posts(10, 401, ''))).toEqual(new Set([401]));
  });
});
