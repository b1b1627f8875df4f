import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { type Readable, type Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RouteGateway } from '../support/route-gateway.ts';

const maxGrowthBytes = 64 * 1024 ** 2;

function routesTo(port: number | undefined): string {
  const route = {
    id: 'all',
    path: '/*',
    upstream: `http://127.0.0.1:${port}`,
    auth: 'public',
    limits: 'off',
  };
  return JSON.stringify({ prefix: '', routes: [{ ...route, bodyLimitBytes: 'none' }] });
}

describe('a gibibyte through a declared route', () => {
  let peer: ChildProcessByStdio<Writable, Readable, null>;
  let lines: AsyncIterator<string>;
  let expected: string;
  let gateway: RouteGateway;

  beforeAll(async () => {
    const script = new URL('../support/gibibyte-peer.ts', import.meta.url).pathname;
    peer = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
    lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
    const [port, ...digest] = await nextLine();
    expected = digest.join(' ');
    gateway = await RouteGateway.start({ file: routesTo(Number(port)) });
  });
  afterAll(async () => {
    peer.stdin.end();
    await gateway[Symbol.asyncDispose]();
    if (peer.exitCode === null) await once(peer, 'exit');
  });

  async function nextLine(): Promise<string[]> {
    const { value } = (await lines.next()) as { value: string };
    return value.split(' ');
  }

  it.each(['down', 'up'])('goes %s byte for byte while memory stays flat', async (way) => {
    const before = process.memoryUsage.rss();
    let peak = before;
    const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
    peer.stdin.write(`${way} ${gateway.url}/${way}\n`);
    const seen = await nextLine();
    clearInterval(sampling);
    expect(seen.join(' ')).toBe(expected);
    expect(peak - before).toBeLessThan(maxGrowthBytes);
  });
});

describe('a transfer that is given up', () => {
  const chunk = Buffer.alloc(64 * 1024);
  let upstream: ReturnType<typeof createServer>;
  let gateway: RouteGateway;
  let serve: (request: IncomingMessage, response: ServerResponse) => void;

  beforeAll(async () => {
    upstream = createServer((incoming, response) => serve(incoming, response)).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    gateway = await RouteGateway.start({ file: routesTo((upstream.address() as AddressInfo).port) });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    upstream.close();
  });

  it('ends at the upstream when the client leaves', async () => {
    const closed = Promise.withResolvers<void>();
    serve = (_, response) => {
      response.once('close', () => closed.resolve());
      response.write(chunk);
    };
    const [answer] = (await once(request(`${gateway.url}/down`).end(), 'response')) as [IncomingMessage];
    await once(answer, 'data');
    answer.destroy();
    await closed.promise;
  });

  it('never ends cleanly at the upstream when the client breaks off its upload', async () => {
    const broken = Promise.withResolvers<unknown>();
    serve = (incoming) => {
      incoming.once('data', () => call.destroy());
      incoming.on('error', broken.resolve).on('end', () => broken.reject(new Error('a clean end')));
    };
    const call = request(`${gateway.url}/up`, { method: 'POST' });
    call.on('error', () => undefined);
    call.write(chunk);
    expect(await broken.promise).toMatchObject({ code: 'ECONNRESET' });
  });
});
