import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type RequestContext, systemClock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { StandardFailureJudge } from '@facet/resilience';
import { testContext } from '@facet/testing';
import {
  hang,
  head,
  json,
  large,
  raw,
  reset,
  ScriptedUpstream,
  stillComing,
  text,
  wholeBody,
} from '@facet/testing/upstreams';
import { PassThrough, Readable } from 'node:stream';
import { type ForwardRequest } from './forward-request.ts';
import { SocketTransportFactory } from './transport-factory.ts';
import { type UpstreamDefinition } from './upstream-definition.ts';
import { type UpstreamClient } from './upstream.client.ts';
import { Upstreams } from './upstreams.ts';

let upstream: ScriptedUpstream;
let upstreams: Upstreams;

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(json({ id: 7 }));
  upstreams = new Upstreams({
    gateway: 'gateway-test',
    clock: systemClock,
    judge: new StandardFailureJudge(),
    transports: new SocketTransportFactory(),
    random: () => 0,
  });
});

afterEach(async () => {
  await upstreams.close();
  await upstream[Symbol.asyncDispose]();
});

function client(definition: Partial<UpstreamDefinition> = {}): UpstreamClient {
  return upstreams.add({ name: 'hello', url: upstream.url, ...definition });
}

function context(overrides: Partial<RequestContext> = {}): RequestContext {
  return testContext({ clock: systemClock, ...overrides });
}

function get(overrides: Partial<ForwardRequest> = {}): ForwardRequest {
  return { method: 'GET', route: '/hello', path: '/hello', headers: [['host', 'gw.example']], ...overrides };
}

async function failureOf(call: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GatewayError)) throw new Error('no GatewayError', { cause: error });
  return error;
}

describe('UpstreamClient.forward', () => {
  it('passes path and query byte for byte', async () => {
    const path = '/a%2Fb/%C3%A9;x=1/+?q=a+b&q=c&&e=&?';
    await client({ url: `${upstream.url}/base` }).forward(context(), get({ path }));
    expect(upstream.requests[0]?.target).toBe(`/base${path}`);
  });

  it('keeps the order, case and repetition of fields, both ways', async () => {
    upstream.always(
      raw(
        'HTTP/1.1 207 Odd Words\r\nSet-Cookie: a=1\r\nX-B: 1\r\nset-cookie: b=2\r\nx-b: 2\r\ncontent-length: 2\r\n\r\nok',
      ),
    );
    const answer = await client().forward(
      context(),
      get({
        headers: [
          ['X-One', '1'],
          ['x-two', 'a'],
          ['X-Two', 'b'],
          ['X-Three', ''],
        ],
      }),
    );
    expect(upstream.requests[0]?.headers.filter(([name]) => /^x-(one|two|three)$/i.test(name))).toEqual([
      ['X-One', '1'],
      ['x-two', 'a'],
      ['X-Two', 'b'],
      ['X-Three', ''],
    ]);
    expect(answer).toMatchObject({
      status: 207,
      statusText: 'Odd Words',
      headers: [
        ['Set-Cookie', 'a=1'],
        ['X-B', '1'],
        ['set-cookie', 'b=2'],
        ['x-b', '2'],
        ['content-length', '2'],
      ],
    });
    expect(await wholeBody(answer.body)).toEqual(Buffer.from('ok'));
  });

  it('streams an upload and its answer', async () => {
    upstream.always((socket, request) => text(request.body)(socket, request));
    const body = Readable.from([Buffer.from('ab'), Buffer.from('cd')]);
    const answer = await client().forward(context(), get({ method: 'POST', body }));
    expect((await wholeBody(answer.body)).toString()).toBe('abcd');
  });

  it("leaves the client's side of a failed upload alone, so that it can be answered", async () => {
    const body = new PassThrough();
    body.write(Buffer.alloc(100_000));
    const error = await failureOf(client().forward(context(), get({ method: 'POST', body, timeoutMs: 30 })));
    expect(error).toMatchObject({ status: 504, options: { closeConnection: true } });
    expect([body.destroyed, body.listenerCount('error')]).toEqual([false, 0]);
  });

  it('lets go of an upload it refuses before sending', async () => {
    const hello = client();
    upstreams.get('hello').breaker?.hold('open');
    const body = new PassThrough();
    const error = await failureOf(hello.forward(context(), get({ method: 'POST', body })));
    expect(error.options.closeConnection).toBe(true);
    await new Promise(setImmediate);
    expect([body.destroyed, body.listenerCount('data'), body.listenerCount('close')]).toEqual([false, 0, 0]);
  });

  it('stops the upstream when the client breaks off its upload', async () => {
    const body = new PassThrough();
    body.write('ab');
    const call = failureOf(client().forward(context(), get({ method: 'POST', body })));
    while (upstream.openSockets === 0) await new Promise(setImmediate);
    stillComing(body).destroy();
    expect((await call).reason).toBe('client_closed_request');
    await upstream.closedDownTo(0);
  });

  it('keeps the declared length of an upload', async () => {
    const body = Readable.from([Buffer.from('abcd')]);
    await client().forward(context(), get({ method: 'POST', body, headers: [['Content-Length', '4']] }));
    expect(upstream.requests[0]?.header('content-length')).toBe('4');
  });

  it('counts the length anew of what it does not pass on as it comes', async () => {
    const headers = [['Content-Length', '99']] as const;
    await client().forward(context(), get({ method: 'PUT', body: Buffer.from('abc'), headers }));
    await client({ name: 'other' }).forward(context(), get({ headers }));
    expect(upstream.requests.map((request) => request.header('content-length'))).toEqual(['3', undefined]);
  });

  it.each(['PROPFIND', 'PURGE', 'QUERY', 'M-SEARCH'])('passes the method %s', async (method) => {
    await client().forward(context(), get({ method }));
    expect(upstream.requests[0]?.method).toBe(method);
  });

  it.each(['CONNECT', 'TRACE'])('does not pass %s', async (method) => {
    expect((await failureOf(client().forward(context(), get({ method })))).status).toBe(501);
  });

  it.each([404, 500, 503, 302])('gives back status %i as it came, asked once', async (status) => {
    upstream.always(text('words', { status, headers: { location: 'http://127.0.0.1:1/' } }));
    const answer = await client().forward(context(), get());
    expect(answer.status).toBe(status);
    expect((await wholeBody(answer.body)).toString()).toBe('words');
    expect(upstream.requests).toHaveLength(1);
  });

  it('asks again for a status the route wants retried', async () => {
    upstream.next(text('x'.repeat(1_000_000), { status: 503 }));
    const answer = await client().forward(context(), get({ retryAttempts: 3, retryStatuses: [503] }));
    expect(answer.status).toBe(200);
  });

  it('asks again when the connection breaks before the head, and a stream never', async () => {
    const hello = client();
    upstream.next(reset);
    expect((await hello.forward(context(), get())).status).toBe(200);
    upstream.next(reset);
    const failure = await failureOf(
      hello.forward(context(), get({ method: 'PUT', body: Readable.from(['a']) })),
    );
    expect(failure.reason).toBe('connection_terminated');
    expect(upstream.requests).toHaveLength(3);
  });

  it.each([
    ['reset', raw(`${head(200, { 'content-length': '10' })}123`, 'reset')],
    ['end', raw(`${head(200, { 'content-length': '10' })}123`, 'end')],
    ['end of chunks', raw(`${head(200, { 'transfer-encoding': 'chunked' })}3\r\n123\r\n`, 'end')],
    ['garbage chunk', raw(`${head(200, { 'transfer-encoding': 'chunked' })}3\r\n123\r\nXX\r\n`)],
  ])('destroys the body after a %s in it, and does not ask again', async (_, answer) => {
    upstream.always(answer);
    const { body } = await client().forward(context(), get());
    const error = await failureOf(wholeBody(body));
    expect(error.status).toBe(502);
    expect(upstream.requests).toHaveLength(1);
  });

  it('closes the socket when the reader stops', async () => {
    upstream.always(large(100_000_000));
    const { body } = await client().forward(context(), get());
    stillComing(body).destroy();
    await upstream.closedDownTo(0);
  });

  it('closes the socket when the client leaves in mid-body', async () => {
    upstream.always(large(100_000_000));
    const leaving = new AbortController();
    const { body } = await client().forward(context({ signal: leaving.signal }), get());
    const read = failureOf(wholeBody(body));
    leaving.abort();
    expect((await read).reason).toBe('client_closed_request');
    await upstream.closedDownTo(0);
  });

  it('takes no more from the upstream than the reader takes', async () => {
    let written = 0;
    upstream.always((socket, request) => {
      const write = socket.write.bind(socket);
      socket.write = ((chunk: Buffer) => {
        written += chunk.length;
        return write(chunk);
      }) as typeof socket.write;
      return large(500_000_000)(socket, request);
    });
    const { body } = await client().forward(context(), get());
    await new Promise((resolve) => stillComing(body).once('readable', resolve));
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(written).toBeLessThan(20_000_000);
    stillComing(body).destroy();
  });

  it('answers 502 to a refused connection', async () => {
    const error = await failureOf(client({ url: 'http://127.0.0.1:1' }).forward(context(), get()));
    expect([error.reason, error.status]).toEqual(['connection_refused', 502]);
  });

  it('answers 504 within the limit of the route', async () => {
    upstream.always(hang);
    const call = client().forward(context(), get({ method: 'POST', timeoutMs: 30 }));
    expect((await failureOf(call)).reason).toBe('upstream_timeout');
    await upstream.closedDownTo(0);
  });

  it('frees its place when the body has been read', async () => {
    upstream.next(large(1_000_000));
    const hello = client({ bulkhead: { maxConcurrent: 1, maxQueue: 0 } });
    const { body } = await hello.forward(context(), get());
    expect((await failureOf(hello.forward(context(), get()))).reason).toBe('upstream_busy');
    await wholeBody(body);
    expect((await hello.forward(context(), get())).status).toBe(200);
  });
});
