import { GatewayError } from '@facet/errors';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Answer,
  describeTransport,
  hang,
  json,
  large,
  raw,
  reset,
  ScriptedUpstream,
  stillComing,
  text,
  when,
  wholeBody,
} from '@facet/testing/upstreams';
import { PassThrough } from 'node:stream';
import { type UpstreamDefinition } from '../upstream-definition.ts';
import { upstreamSettings } from '../upstream-settings.ts';
import { SocketTransport } from './socket.transport.ts';
import { type Abortable, type TransportAttempt, type TransportRequest } from './transport.ts';

function transportTo(url: string, definition: Partial<UpstreamDefinition> = {}): SocketTransport {
  const [settings] = upstreamSettings([{ name: 'orders', url, maxResponseBytes: 1_000, ...definition }]);
  return new SocketTransport(settings!);
}

describeTransport('SocketTransport', transportTo);

/** An attempt that can be given up at any time, also long after its end. */
class Trial implements TransportAttempt {
  answered = false;
  #exchange: Abortable | undefined;

  bind(exchange: Abortable): void {
    this.#exchange = exchange;
  }

  abort(): void {
    this.#exchange?.abort(new GatewayError('client_closed_request'));
  }
}

describe('SocketTransport with one socket', () => {
  let upstream: ScriptedUpstream;
  let transport: SocketTransport;

  beforeEach(async () => {
    upstream = await ScriptedUpstream.start(json({ ok: true }));
    transport = transportTo(upstream.url, { bulkhead: { maxConcurrent: 1, maxQueue: 10 } });
  });

  afterEach(async () => {
    await transport.close();
    expect(transport.stats()).toEqual({ connected: 0, pending: 0 });
    await upstream.closedDownTo(0);
    await upstream[Symbol.asyncDispose]();
  });

  const get = (overrides: Partial<TransportRequest> = {}): TransportRequest => ({
    method: 'GET',
    path: '/',
    headers: [],
    body: null,
    wants: () => true,
    ...overrides,
  });
  const body = async (path = '/', trial = new Trial()) =>
    (await transport.exchange(get({ path }), trial)).body.toString();
  const reasonOf = (call: Promise<unknown>) =>
    call.then(
      () => 'none',
      (error: unknown) => (error as GatewayError).reason,
    );

  it('keeps everybody to the end of his own answer, in turn', async () => {
    upstream.always((socket, request) => text(request.target)(socket, request));
    const paths = Array.from({ length: 20 }, (_, n) => `/${n}`);
    expect(await Promise.all(paths.map((path) => body(path)))).toEqual(paths);
    expect(upstream.connections).toBe(1);
  });

  it.each<[string, Answer]>([
    ['reset', reset],
    ['answered with garbage', raw('garbage')],
    [
      'answered twice',
      raw('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nbad'),
    ],
  ])('goes on with the next when one was %s', async (_, answer) => {
    upstream.next(answer);
    const first = reasonOf(body('/first'));
    expect(await Promise.all([body('/second'), body('/third')])).toEqual(['{"ok":true}', '{"ok":true}']);
    await first;
    expect(upstream.connections).toBe(2);
  });

  it('goes on with the next when one could not be sent', async () => {
    const malformed = reasonOf(transport.exchange(get({ headers: ['x', 'a\r\nb'] }), new Trial()));
    expect([await body(), await malformed]).toEqual(['{"ok":true}', 'malformed_request']);
  });

  it('leaves the next alone when somebody gives up what is over', async () => {
    let answer!: () => void;
    upstream.next(
      json({}),
      large(200_000),
      when(new Promise<void>((resolve) => (answer = resolve)), json({})),
    );
    const [buffered, streamed] = [new Trial(), new Trial()];
    await body('/', buffered);
    const stream = stillComing((await transport.stream(get(), streamed)).body);
    expect(await wholeBody(stream)).toHaveLength(200_000);
    const next = body();
    await upstream.received(3);
    buffered.abort();
    streamed.abort();
    stream.destroy();
    answer();
    expect([await next, upstream.connections]).toEqual(['{}', 1]);
  });

  it('does not let somebody who reads his body late start that of another', async () => {
    upstream.next(large(100_000), large(3_000_000));
    const late = stillComing((await transport.stream(get(), new Trial())).body);
    const next = transport.stream(get(), new Trial());
    await new Promise((resolve) => late.once('readable', resolve));
    // The rest comes while the first pieces wait to be read, and the next request goes out.
    late.read(0);
    const rest = wholeBody(late);
    const second = stillComing((await next).body);
    expect(await rest).toHaveLength(100_000);
    expect(await wholeBody(second)).toHaveLength(3_000_000);
  });

  it('sends nothing of what was given up while it waited', async () => {
    upstream.always(hang);
    const [sent, waiting] = [new Trial(), new Trial()];
    const calls = [reasonOf(body('/sent', sent)), reasonOf(body('/waiting', waiting))];
    await upstream.received(1);
    waiting.abort();
    expect(await calls[1]).toBe('client_closed_request');
    sent.abort();
    expect(await calls[0]).toBe('client_closed_request');
    expect([upstream.requests.length, transport.stats().pending]).toEqual([1, 0]);
  });

  it.each([
    ['timeout=1', 2],
    ['timeout=0', 2],
    ['timeout=60', 1],
    ['max=1', 1],
  ])('believes an upstream that says %s: %i connections for two requests', async (hint, connections) => {
    upstream.always(json({}, { headers: { 'keep-alive': hint } }));
    await body();
    await body();
    expect(upstream.connections).toBe(connections);
  });

  it.each(['exchange', 'stream'] as const)(
    'fails the %s whose upload breaks while it waits or connects, and throws at nobody',
    async (kind) => {
      const broken = () => {
        const body = new PassThrough();
        setImmediate(() => body.destroy(new Error('no such file')));
        return reasonOf(transport[kind](get({ method: 'POST', body }), new Trial()));
      };
      const whilePaused = new PassThrough();
      expect(await Promise.all([broken(), broken()])).toEqual([
        'client_closed_request',
        'client_closed_request',
      ]);
      const trial = new Trial();
      upstream.always(hang);
      const sent = reasonOf(body('/', trial));
      const waiting = new Trial();
      const call = reasonOf(transport[kind](get({ method: 'POST', body: whilePaused }), waiting));
      waiting.abort();
      trial.abort();
      expect(await Promise.all([sent, call])).toEqual(['client_closed_request', 'client_closed_request']);
      expect(whilePaused.destroyed).toBe(true);
    },
  );

  it('opens nothing any more once it is closed', async () => {
    await transport.close();
    expect(await reasonOf(body())).toBe('draining');
    expect(await reasonOf(transport.stream(get(), new Trial()))).toBe('draining');
    expect(upstream.connections).toBe(0);
  });

  it('tells all that wait when it closes', async () => {
    upstream.always(hang);
    const calls = ['/1', '/2', '/3'].map((path) => reasonOf(body(path)));
    await upstream.received(1);
    await transport.close();
    expect(await Promise.all(calls)).toEqual(['draining', 'draining', 'draining']);
  });
});
