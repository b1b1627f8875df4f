import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientHttp2Stream, constants } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hang, head, json, large, raw } from '@facet/testing/upstreams';
import { writeCertificate } from '../support/certificate.ts';
import { ChaosRig } from '../support/chaos-rig.ts';
import { answerOf, Http2Client } from '../support/http2-client.ts';
import {
  endHeaders,
  endStream,
  frame,
  frameType,
  headers,
  Http2Wire,
  request,
  reset,
} from '../support/http2-wire.ts';
import { metric } from '../support/quiet-end.ts';
import { until } from '../support/until.ts';

/** A built gateway that speaks TLS: an HTTP/2 request is a request like any other. */
const mebibyte = 1024 ** 2;
const folder = mkdtempSync(join(tmpdir(), 'facet-http2-'));
const { certFile, keyFile } = writeCertificate(folder);
const tls = { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile };
/** Accepts connections and reads nothing. */
const stuckSockets: Socket[] = [];
const stuck = createServer({ pauseOnConnect: true }, (socket) => stuckSockets.push(socket)).listen(
  0,
  '127.0.0.1',
);
beforeAll(async () => {
  if (!stuck.listening) await once(stuck, 'listening');
});
afterAll(() => {
  stuck.close();
  rmSync(folder, { recursive: true });
});

type Rig = ChaosRig<'orders'>;

function startRig(env: Readonly<Record<string, string>> = {}): Promise<Rig> {
  return ChaosRig.start({
    scripted: ['orders'],
    routes: [
      {
        id: 'pass',
        path: '/pass/*',
        upstream: 'orders',
        bodyLimitBytes: 'none',
        forwardCredentials: ['cookie'],
      },
      {
        id: 'stuck',
        path: '/stuck',
        upstream: `http://127.0.0.1:${(stuck.address() as AddressInfo).port}`,
        bodyLimitBytes: 'none',
      },
      { id: 'small', path: '/small', upstream: 'orders', bodyLimitBytes: 100 },
    ],
    env: { ...tls, ...env },
  });
}

/** What TLS agrees on with a client that offers these. */
async function agreed(url: string, ...offered: string[]): Promise<string | false | null> {
  const socket = connect({
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ALPNProtocols: offered,
  });
  await once(socket, 'secureConnect');
  const { alpnProtocol } = socket;
  socket.destroy();
  return alpnProtocol;
}

describe('a gateway with a certificate', () => {
  let rig: Rig;
  let client: Http2Client;
  beforeAll(async () => {
    rig = await startRig();
    client = await Http2Client.connect(rig.url);
  });
  afterAll(async () => {
    await client[Symbol.asyncDispose]();
    await rig[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    rig.upstreams.orders.requests.length = 0;
    rig.upstreams.orders.always(json({ ok: true }));
  });

  const lastLine = () => rig.gateway.log.at(-1);
  const nothingUnderWay = () => until(async () => (await rig.upstream('orders')).active === 0);
  const lastRequest = () => rig.upstreams.orders.requests.at(-1);

  it('speaks HTTP/2 with whom can, HTTP/1.1 with the others', async () => {
    expect(await agreed(rig.url, 'http/1.1', 'h2')).toBe('h2');
    expect(await agreed(rig.url, 'http/1.1')).toBe('http/1.1');
    expect(client.session.remoteSettings).toMatchObject({
      maxConcurrentStreams: 100,
      maxHeaderListSize: 20_480,
      initialWindowSize: 65_535,
      enableConnectProtocol: false,
    });
  });

  it('answers endpoints as over HTTP/1.1, with its guards and its problems', async () => {
    const token = await rig.token();
    rig.upstreams.orders.always(json({ items: [], nextCursor: null, total: 0 }));
    const list = await client.ask('/api/mobile/orders', { authorization: `Bearer ${token}` });
    expect(list.status).toBe(200);
    expect(list.headers).toMatchObject({
      'strict-transport-security': expect.any(String),
      etag: expect.any(String),
      date: expect.any(String),
    });
    expect((await client.ask('/api/mobile/orders')).status).toBe(401);
    expect((await client.ask('/api/mobile/orders', { authorization: 'Bearer x' })).status).toBe(401);
    expect((await client.ask('/nowhere')).json.reason).toBe('not_found');
    expect((await client.ask('/pass/%2e%2e/x')).json.reason).toBe('malformed_request');
    expect((await client.ask('/api/mobile/orders', { ':method': 'DELETE' })).status).toBe(405);
    expect((await client.ask('/pass/x', { ':method': 'TRACE' })).status).toBe(501);
    const unchanged = await client.ask('/api/mobile/orders', {
      authorization: `Bearer ${token}`,
      'if-none-match': String(list.headers.etag),
    });
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
  });

  it('tells the version in its log and counts the request', async () => {
    const count = () => metric(rig.gateway, 'gateway_requests_total', { route: '/pass/*', method: 'GET' });
    const before = await count();
    await client.ask('/pass/logged', { 'x-request-id': 'logged-over-http2' });
    await until(() => lastLine()?.['requestId'] === 'logged-over-http2');
    expect(lastLine()).toMatchObject({ httpVersion: '2.0', status: 200, method: 'GET', attempts: 1 });
    expect(await count()).toBe(before + 1);
  });

  it('passes a request on in the terms of HTTP/1.1', async () => {
    const stream = client.open('/pass/a%20b?x=1&x=2', {
      ':authority': 'shop.example',
      cookie: ['a=1', 'b=2', 'c=3'],
      te: 'trailers',
      'x-twice': ['1', '2'],
    });
    expect((await answerOf(stream)).status).toBe(200);
    const { target, headers } = lastRequest()!;
    expect(target).toBe('/pass/a%20b?x=1&x=2');
    const fields = headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`);
    expect(fields).toEqual(
      expect.arrayContaining([
        'cookie: a=1; b=2; c=3',
        'x-forwarded-host: shop.example',
        'x-forwarded-proto: https',
      ]),
    );
    expect(fields.filter((field) => field.startsWith('x-twice'))).toEqual(['x-twice: 1', 'x-twice: 2']);
    expect(fields.filter((field) => /^(?::|te:|transfer-encoding)/.test(field))).toEqual([]);
    expect(fields).toContain('via: 2.0 gateway-mobile');
  });

  it('passes an answer on without what belongs to a connection of HTTP/1.1', async () => {
    rig.upstreams.orders.next(
      raw(
        'HTTP/1.1 200 Fine by me\r\nConnection: keep-alive, x-hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nUpgrade: h2c\r\n' +
          'Proxy-Connection: close\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n',
      ),
    );
    const { status, headers, text } = await client.ask('/pass/x');
    expect([status, text]).toEqual([200, 'ok']);
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2']);
    const names = [
      'connection',
      'keep-alive',
      'proxy-connection',
      'transfer-encoding',
      'upgrade',
      'x-hop',
      'x-t',
    ];
    for (const name of names) expect(headers).not.toHaveProperty(name);
  });

  it('answers HEAD without a body', async () => {
    const { status, headers, text } = await client.ask('/pass/x', { ':method': 'HEAD' });
    expect([status, text, headers['content-length']]).toEqual([200, '', '11']);
  });

  it('asks for a body when it wants it, and passes hints on', async () => {
    rig.upstreams.orders.next(
      raw('HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    );
    const stream = client.open('/pass/x', { ':method': 'POST', expect: '100-continue' }, false);
    const interim: number[] = [];
    stream.on('headers', (fields: Record<string, unknown>) => interim.push(Number(fields[':status'])));
    stream.once('continue', () => stream.end('body'));
    expect((await answerOf(stream)).text).toBe('ok');
    expect(interim).toEqual([100, 103]);
  });

  it('takes JSON of any framing and refuses what is too large or none, on that stream alone', async () => {
    const token = { authorization: `Bearer ${await rig.token()}`, ':method': 'POST' };
    const whole = (type: string, body: string) =>
      client.ask('/api/mobile/orders', { ...token, 'content-type': type }, body);
    expect((await whole('text/plain', '{}')).status).toBe(415);
    expect((await whole('application/json', '{"a":')).json.reason).toBe('malformed_request');
    expect((await whole('application/json', `"${'x'.repeat(2 * mebibyte)}"`)).json.reason).toBe(
      'body_too_large',
    );
    expect((await client.ask('/api/mobile/orders', token, 'x')).status).toBe(415);
    expect((await client.ask('/small', { ':method': 'POST' }, 'x'.repeat(101))).status).toBe(413);
    expect(
      (await client.ask('/small', { ':method': 'POST', 'content-length': '5' }, 'x'.repeat(5))).status,
    ).toBe(200);
    expect(client.session.closed).toBe(false);
  });

  it('never merges trailers into the fields', async () => {
    const stream = client.session.request(
      { ':path': '/pass/x', ':method': 'POST' },
      { endStream: false, waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-user-id': 'usr_admin' }));
    stream.end('body');
    expect((await answerOf(stream)).status).toBe(200);
    expect(lastRequest()?.header('x-user-id')).toBeUndefined();
    expect(lastRequest()?.body.toString()).toBe('body');
  });

  it('ends the call upstream when the client resets the stream, and that alone', async () => {
    rig.upstreams.orders.next(hang);
    const stream = client.open('/pass/left', { 'x-request-id': 'left-over-http2' });
    await rig.upstreams.orders.received(1);
    const other = client.ask('/pass/other');
    stream.close(constants.NGHTTP2_CANCEL);
    expect((await other).status).toBe(200);
    const lines = () => rig.gateway.log.filter(({ requestId }) => requestId === 'left-over-http2');
    await until(() => lines().length > 0);
    expect(lines()).toEqual([expect.objectContaining({ status: 499, reason: 'client_closed_request' })]);
    await nothingUnderWay();
  });

  it.each([
    ['without an error', constants.NGHTTP2_NO_ERROR],
    ['as cancelled', constants.NGHTTP2_CANCEL],
  ])('never ends an upload that broke off %s as if it were whole', async (_, code) => {
    await using wire = await Http2Wire.connect(rig.url);
    wire.send(headers(1, request('/pass/upload', 'POST'), endHeaders));
    wire.send(frame(frameType.data, 0, 1, Buffer.from('half')));
    await until(async () => (await metric(rig.gateway, 'gateway_requests_in_flight')) === 1);
    wire.send(reset(1, code));
    await until(async () => (await metric(rig.gateway, 'gateway_requests_in_flight')) === 0);
    await nothingUnderWay();
    expect(rig.upstreams.orders.requests).toEqual([]);
  });

  it.each([
    ['declared', head(200, { 'content-length': '9' })],
    ['chunked', `${head(200, { 'transfer-encoding': 'chunked' })}9\r\n`],
  ])('resets the stream of an answer of %s length that breaks off upstream', async (_, start) => {
    rig.upstreams.orders.next(raw(`${start}1234`, 'end'));
    await using wire = await Http2Wire.connect(rig.url);
    wire.send(headers(1, request('/pass/x')));
    await wire.until(() => wire.isOver(1));
    expect(wire.resetOf(1)).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    // `END_STREAM` would have made it whole.
    expect(wire.frames.filter(({ streamId, flags }) => streamId === 1 && flags & endStream)).toEqual([]);
    expect((await client.ask('/pass/x')).status).toBe(200);
  });

  it('serves 1,000 requests that are asked for at once', async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => client.ask(`/pass/${i}`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(rig.upstreams.orders.requests.map(({ target }) => target)).size).toBe(1_000);
  });

  it('waits with the upstream for a reader that does not read, and stays small', async () => {
    const bodyBytes = 256 * mebibyte;
    rig.upstreams.orders.next(large(bodyBytes));
    const rested = rig.forgetPeak();
    const stream = client.open('/pass/huge');
    await once(stream, 'response');
    // Others on the connection are served meanwhile.
    expect((await client.ask('/pass/x')).status).toBe(200);
    expect(rig.peakBytes() - rested).toBeLessThan(32 * mebibyte);
    let received = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) received += chunk.length;
    expect(received).toBe(bodyBytes);
    expect(rig.peakBytes() - rested).toBeLessThan(64 * mebibyte);
  });

  it('waits with an upload for an upstream that does not read', async () => {
    const rested = rig.forgetPeak();
    const fields = { ':method': 'POST', 'content-length': String(64 * mebibyte) };
    const stream = client.open('/stuck', fields, false);
    let sent = 0;
    await fill(stream, () => (sent += 64 * 1024));
    expect(sent).toBeLessThan(16 * mebibyte);
    expect(rig.peakBytes() - rested).toBeLessThan(32 * mebibyte);
    stream.close(constants.NGHTTP2_CANCEL);
    await until(async () => (await metric(rig.gateway, 'gateway_requests_in_flight')) === 0);
    for (const socket of stuckSockets) socket.destroy();
  });
});

/** Writes until nothing has been taken for a while. */
async function fill(stream: ClientHttp2Stream, onChunk: () => void): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024);
  for (;;) {
    onChunk();
    if (stream.write(chunk)) continue;
    const taken = await Promise.race([
      once(stream, 'drain').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, 300, false)),
    ]);
    if (!taken) return;
  }
}

describe('a gateway that leaves', () => {
  it('ends what is under way, says GOAWAY, and is gone', async () => {
    const rig = await startRig();
    const idle = await Http2Client.connect(rig.url);
    const busy = await Http2Client.connect(rig.url);
    const released = Promise.withResolvers<void>();
    rig.upstreams.orders.next(async (socket, request) => {
      await released.promise;
      await json({ ok: 'late' })(socket, request);
    });
    const answer = busy.ask('/pass/late');
    await rig.upstreams.orders.received(1);
    const goaway = Promise.all([once(idle.session, 'goaway'), once(busy.session, 'goaway')]);
    const exit = rig.gateway.stop();
    expect((await goaway).map(([code]) => code as number)).toEqual([0, 0]);
    released.resolve();
    expect((await answer).json).toEqual({ ok: 'late' });
    expect(await exit).toBe(0);
    await rig.upstreams.orders[Symbol.asyncDispose]();
    await rig.client.close();
  });

  it('serves on while balancers notice, on connections that end with their answers', async () => {
    const rig = await startRig({ DRAIN_DELAY_MS: '400' });
    const client = await Http2Client.connect(rig.url);
    expect((await client.ask('/pass/before')).status).toBe(200);
    const exit = rig.gateway.stop();
    await until(() => rig.gateway.log.some(({ msg }) => msg === 'leaving'));
    const goaway = once(client.session, 'goaway');
    expect((await client.ask('/pass/during')).status).toBe(200);
    await goaway;
    const other = await Http2Client.connect(rig.url);
    expect((await other.ask('/pass/new')).status).toBe(200);
    expect(await exit).toBe(0);
    await rig.upstreams.orders[Symbol.asyncDispose]();
    await rig.client.close();
  });
});

describe('HTTP2=off', () => {
  it('leaves HTTP/1.1 alone', async () => {
    const rig = await startRig({ HTTP2: 'off' });
    expect(await agreed(rig.url, 'h2', 'http/1.1')).toBe('http/1.1');
    await rig[Symbol.asyncDispose]();
  });
});
