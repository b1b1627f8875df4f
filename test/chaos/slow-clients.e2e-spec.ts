import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { json, large } from '@facet/testing/upstreams';
import { ClockRig } from '../support/clock-rig.ts';
import { metric } from '../support/quiet-end.ts';
import { tally, until } from '../support/until.ts';

/** Clients that hold on to what they have: each is shown the door in time, and the others are served meanwhile. */
const deadlineMs = 10_000;
let rig: ClockRig<'orders'>;

function gatewayWith(limits: NonNullable<Parameters<typeof ClockRig.start>[0]['limits']>): void {
  beforeAll(async () => {
    rig = await ClockRig.start({
      upstreams: { orders: {} },
      routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders', compression: 'off' }],
      config: { server: { requestDeadlineMs: deadlineMs } },
      limits,
    });
  });
  beforeEach(() => rig.upstreams.orders.always(json({ ok: true })));
  afterAll(() => rig[Symbol.asyncDispose]());
}

/** Connect as another machine would: their connections are counted apart from those of well-behaved clients. */
async function attackers(count: number, bytes = ''): Promise<Socket[]> {
  const { port } = new URL(rig.gateway.url);
  return await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: '127.0.0.2' });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(bytes);
      return socket;
    }),
  );
}

/** Sends a byte now and then on every other one; disposing ends it. The others fall silent. */
function trickle(sockets: readonly Socket[]): Disposable {
  const writers = sockets.filter((_, index) => index % 2 === 0);
  const timer = setInterval(() => {
    for (const socket of writers) if (socket.writable) socket.write('x');
  }, 20);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** The status of the one answer on a connection; `none` when it was closed without. */
async function status(socket: Socket): Promise<string> {
  const answer = await text(socket).catch(() => '');
  return answer === '' ? 'none' : answer.slice(9, 12);
}

async function assertServed(): Promise<void> {
  const answers = await Promise.all([rig.client.get('/json/orders/1'), rig.client.get('/pass/x')]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
}

describe('time', () => {
  gatewayWith({ headersTimeoutMs: 400, idleTimeoutMs: 700 });

  it('ends heads that trickle in', async () => {
    const sockets = await attackers(200, 'GET /api/web/pass/x HTTP/1.1\r\nHost: a\r\nx-slow: ');
    using _trickle = trickle(sockets);
    const answers = Promise.all(sockets.map(status));
    await assertServed();
    // Who writes into a closed connection may lose the answer to the reset; the silent half does not, but where the
    // machine stands still the idle limit may come first, which says nothing.
    const { 408: told = 0, none = 0 } = tally(await answers);
    expect([told + none, told >= 50]).toEqual([200, true]);
  });

  it('ends bodies that trickle in, at the deadline', async () => {
    const fields = 'Host: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n';
    const sockets = await attackers(50, `POST /api/web/json/orders/1 HTTP/1.1\r\n${fields}\r\n`);
    using _trickle = trickle(sockets);
    const answers = Promise.all(sockets.map(status));
    await assertServed();
    // On a machine that stands still some heads may have come too late, and are told so at once.
    const left = (): number => sockets.filter(({ readable }) => !readable).length;
    await until(async () => (await metric(rig.gateway, 'gateway_requests_in_flight')) + left() >= 50);
    await rig.clock.advance(deadlineMs);
    const { 408: told = 0, none = 0 } = tally(await answers);
    expect([told + none, told >= 25]).toEqual([50, true]);
  });

  it('lets go of readers that stopped, and of what the upstream still had for them', async () => {
    const { orders } = rig.upstreams;
    orders.always(large(64 * 1024 ** 2));
    const before = orders.requests.length;
    const sockets = await attackers(20, 'GET /api/web/pass/x HTTP/1.1\r\nHost: a\r\n\r\n');
    // On a machine that stands still some heads come too late, and are told so.
    await until(() => sockets.every(({ bytesRead, closed }) => bytesRead > 0 || closed));
    expect(orders.requests.length - before).toBeGreaterThanOrEqual(10);
    orders.always(json({ ok: true }));
    await assertServed();
    await until(() => rig.inside('orders').bulkhead?.active === 0);
    for (const socket of sockets) socket.destroy();
  });
});

describe('numbers', () => {
  const share = 300;
  gatewayWith({ maxConnectionsPerAddress: share });

  it(`serves others while 1,000 connections of one address want in: all but ${share} are told 429`, async () => {
    const sockets: Socket[] = [];
    for (let wave = 0; wave < 10; wave++) sockets.push(...(await attackers(100)));
    const refused: string[] = [];
    for (const socket of sockets) void status(socket).then((one) => refused.push(one));
    await until(() => refused.length === sockets.length - share);
    const { 429: told = 0, none = 0 } = tally(refused);
    expect([told + none, told > 0]).toEqual([sockets.length - share, true]);
    await assertServed();
    const ends = sockets.filter(({ closed }) => !closed).map((socket) => once(socket, 'close'));
    expect(ends.length).toBe(share);
    for (const socket of sockets) socket.destroy();
    await Promise.all(ends);
  });
});
