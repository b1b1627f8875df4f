import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@facet/context';
import { StandardFailureJudge } from '@facet/resilience';
import { testContext } from '@facet/testing';
import { json, ScriptedUpstream, text } from '@facet/testing/upstreams';
import { SocketTransportFactory } from './transport-factory.ts';
import { type BodyReader } from './upstream-call.ts';
import { type UpstreamClient } from './upstream.client.ts';
import { Upstreams } from './upstreams.ts';

let upstream: ScriptedUpstream;
let upstreams: Upstreams;
let client: UpstreamClient;

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(json({ id: 7 }));
  upstreams = new Upstreams({
    gateway: 'gateway-test',
    clock: systemClock,
    judge: new StandardFailureJudge(),
    transports: new SocketTransportFactory(),
  });
  client = upstreams.add({ name: 'orders', url: upstream.url, coalesce: true });
});

afterEach(async () => {
  await upstreams.close();
  await upstream[Symbol.asyncDispose]();
});

const ask = (reader?: BodyReader) =>
  client.request(testContext({ clock: systemClock }), {
    method: 'GET',
    route: '/orders/:id',
    path: '/orders/7',
    reader,
  });
const spelling = (key: string): BodyReader => ({ key, read: (body) => `${key}: ${body.toString()}` });
const never: BodyReader = {
  key: 'never',
  read: () => {
    throw new RangeError('secret');
  },
};

describe('a call with a reader', () => {
  it('has the body as its reader makes it', async () => {
    expect(await ask(spelling('a'))).toMatchObject({ status: 200, body: 'a: {"id":7}' });
  });

  it('does not understand what its reader throws at, and tells nothing of it', async () => {
    const error: unknown = await ask(never).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ reason: 'upstream_protocol_error', status: 502 });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('asks its reader for nothing where there is no JSON to read', async () => {
    upstream.next(text('', { status: 204 }), text('{}', { headers: { 'content-type': 'text/html' } }));
    expect(await ask(never)).toMatchObject({ status: 204, body: undefined });
    await expect(ask(spelling('a'))).rejects.toMatchObject({ reason: 'upstream_protocol_error' });
    upstream.next(json({}, { status: 404 }));
    await expect(ask(never)).rejects.toMatchObject({ reason: 'not_found' });
  });

  it('joins calls with the same key and no others', async () => {
    const asked = [ask(), ask(spelling('a')), ask(spelling('b')), ask(spelling('a')), ask()];
    const bodies = (await Promise.all(asked)).map(({ body }) => body);
    expect(bodies).toEqual([{ id: 7 }, 'a: {"id":7}', 'b: {"id":7}', 'a: {"id":7}', { id: 7 }]);
    expect(upstream.requests).toHaveLength(3);
  });
});
