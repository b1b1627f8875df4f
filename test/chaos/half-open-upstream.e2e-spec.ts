import { once } from 'node:events';
import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FaultProxy } from '@facet/testing/upstreams';
import { ChaosRig } from '../support/chaos-rig.ts';
import { many, tally } from '../support/until.ts';

/** An upstream whose machine answers for it but that itself does not: found out within the connect limit of 1 s. */
const connectMs = 1_000;
let halfOpen: FaultProxy;
let rig: ChaosRig<'orders'>;

beforeAll(async () => {
  halfOpen = await FaultProxy.start(0);
  halfOpen.always({ halfOpen: true });
  const upstream = halfOpen.url.replace('http:', 'https:');
  rig = await ChaosRig.start({
    scripted: ['orders'],
    routes: [
      // The TCP handshake is the kernel's; that of TLS is the process's own.
      { id: 'tls', path: '/tls/*', upstream },
      { id: 'silent', path: '/silent/*', upstream: halfOpen.url, timeoutMs: 1_000, retry: 'off' },
    ],
  });
});
afterAll(async () => {
  await halfOpen[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

/** Machines under load are late, but another limit would be another second. */
const lateMs = 900;

it.each(['GET', 'POST'])(
  '%s is 504 after one connect limit, however many attempts it might have',
  async (method) => {
    const startedAtMs = performance.now();
    const answer = await rig.client.call(method, '/tls/x');
    const tookMs = performance.now() - startedAtMs;
    expect(answer).toMatchObject({ status: 504, json: { reason: 'connection_timeout' } });
    expect(answer.headers['proxy-status']).toContain('error=connection_timeout');
    expect(tookMs).toBeGreaterThanOrEqual(connectMs - 1);
    expect(tookMs).toBeLessThan(connectMs + lateMs);
  },
);

it('is 504 at the deadline where even the connection comes to be', async () => {
  const answers = await many(20, 20, () => rig.client.get('/silent/x'));
  expect(tally(answers.map((answer) => answer.json.reason))).toEqual({ upstream_timeout: 20 });
});

describe('a process that was stopped in the middle of its work', () => {
  const server = `
    const server = require('node:http').createServer((request, response) => response.end('{}'));
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  let child: ChildProcess;
  let stopped: ChaosRig<never>;

  beforeAll(async () => {
    child = spawn(process.execPath, ['-e', server], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(child.stdout!, 'data')) as [Buffer];
    const upstream = `http://127.0.0.1:${Number(port.toString())}`;
    stopped = await ChaosRig.start({
      scripted: [],
      routes: [{ id: 'stopped', path: '/stopped/*', upstream, timeoutMs: 300 }],
    });
  });
  afterAll(async () => {
    await stopped[Symbol.asyncDispose]();
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });

  it('is 504 on the connections it had and on new ones, and serves again when it goes on', async () => {
    const get = () => stopped.client.get('/stopped/x');
    expect((await get()).status).toBe(200);
    child.kill('SIGSTOP');
    const answers = await many(8, 8, get);
    expect(tally(answers.map(({ status }) => status))).toEqual({ 504: 8 });
    child.kill('SIGCONT');
    expect((await get()).status).toBe(200);
  });
});
