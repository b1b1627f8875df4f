/**
 * What one call costs in the pipeline: `node libs/upstream/src/pipeline.bench.ts`. `nothing to do` has a transport
 * that answers at once, so that the stages alone are measured; the others ask a real server in another process.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { anonymous, Deadline, type RequestContext, systemClock } from '@facet/context';
import { StandardFailureJudge } from '@facet/resilience';
import { Registry } from 'prom-client';
import { Pool } from 'undici';
import { UpstreamMetrics } from './metrics.ts';
import { TransportFactory, SocketTransportFactory } from './transport-factory.ts';
import { AnswerHead } from './transport/http1/answer-head.ts';
import { type BufferedAnswer, Transport } from './transport/transport.ts';
import { type UpstreamClient } from './upstream.client.ts';
import { Upstreams } from './upstreams.ts';

const body = Buffer.from(
  JSON.stringify({ items: Array.from({ length: 20 }, (_, id) => ({ id, status: 'placed', total: 1_999 })) }),
);
const call = { method: 'GET', route: '/orders', path: '/orders' } as const;

class InstantTransport extends Transport {
  readonly #answer = Promise.resolve({
    status: 200,
    head: new AnswerHead('HTTP/1.1 200 OK\r\ncontent-type: application/json'),
    body,
    retryAfter: undefined,
    discard: () => undefined,
    whenDone: () => undefined,
  } satisfies BufferedAnswer);

  override exchange(): Promise<BufferedAnswer> {
    return this.#answer;
  }
  override stream(): never {
    throw new Error('not measured');
  }
  override stats(): { connected: number; pending: number } {
    return { connected: 0, pending: 0 };
  }
  override async close(): Promise<void> {
    await this.#answer;
  }
}

class InstantTransports extends TransportFactory {
  override create(): Transport {
    return new InstantTransport();
  }
}

function context(): RequestContext {
  return {
    requestId: '01bench',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true },
    clientAddress: '192.0.2.1',
    startedAtMs: systemClock.monotonic(),
    deadline: Deadline.after(systemClock, 10_000),
    signal: new AbortController().signal,
    language: 'en',
    apiVersion: 'v2',
    principal: anonymous,
    decisions: { attempts: 0, upstreamMs: 0 },
  };
}

function clientWith(transports: TransportFactory, url: string, metrics: boolean): UpstreamClient {
  return new Upstreams({
    gateway: 'bench',
    clock: systemClock,
    judge: new StandardFailureJudge(),
    transports,
    metrics: metrics ? new UpstreamMetrics(new Registry()) : undefined,
  }).add({ name: 'orders', url });
}

async function measure(
  name: string,
  count: number,
  lanes: number,
  one: () => Promise<unknown>,
): Promise<void> {
  const run = async (total: number): Promise<void> => {
    let left = total;
    await Promise.all(
      Array.from({ length: lanes }, async () => {
        while (left-- > 0) await one();
      }),
    );
  };
  await run(count / 2);
  const rounds: number[] = [];
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage();
    await run(count);
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / count);
  }
  const median = rounds.sort((a, b) => a - b)[2] ?? 0;
  process.stdout.write(`${name.padEnd(44)} ${median.toFixed(1).padStart(7)} us of CPU a call\n`);
}

if (process.send) {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  }).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
} else {
  const server = fork(import.meta.filename);
  const [port] = (await once(server, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  const nothing = clientWith(new InstantTransports(), url, false);
  const measured = clientWith(new InstantTransports(), url, true);
  const whole = clientWith(new SocketTransportFactory(), url, true);
  const pool = new Pool(url, { connections: 128 });
  await measure('JSON.parse alone', 200_000, 1, async () => JSON.parse(body.toString('utf8')) as unknown);
  await measure('nothing to do', 100_000, 32, () => nothing.request(context(), call));
  await measure('nothing to do, with metrics', 100_000, 32, () => measured.request(context(), call));
  await measure('undici request + json', 20_000, 32, async () => {
    const answer = await pool.request({ method: 'GET', path: '/orders' });
    return answer.body.json();
  });
  await measure('whole pipeline', 20_000, 32, () => whole.request(context(), call));
  await measure('undici request + json, again', 20_000, 32, async () => {
    const answer = await pool.request({ method: 'GET', path: '/orders' });
    return answer.body.json();
  });
  server.kill();
  process.exit(0);
}
