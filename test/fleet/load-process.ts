/** The clients, a process of their own: gets a LoadPlan, tells how far it is, sends back a LoadReport. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';
import { type LoadPlan, type LoadReport, type LoadRequest, type Sample } from './load.ts';

const tellEveryMs = 50;

const samples: Sample[] = [];
const errors: Record<string, number> = {};
let begun = 0;
let isStopped = false;

process.on('message', (message: LoadPlan | 'stop') => {
  if (message === 'stop') isStopped = true;
  else void run(message).then((report) => process.send?.(report));
});
process.once('disconnect', () => process.exit(0));

async function run(plan: LoadPlan): Promise<LoadReport> {
  const startedMs = performance.now();
  const stop = setTimeout(() => (isStopped = true), plan.forMs ?? 120_000);
  const tell = setInterval(() => process.send?.(samples.length), tellEveryMs);
  await Promise.all(Array.from({ length: plan.clients }, (_, index) => runClient(plan, index)));
  clearTimeout(stop);
  clearInterval(tell);
  process.send?.(samples.length);
  return { samples, errors, seconds: (performance.now() - startedMs) / 1000 };
}

async function runClient({ urls, requests, count, pauseMs }: LoadPlan, index: number): Promise<void> {
  const client = new Client(urls[index % urls.length] ?? '', { pipelining: 1, keepAliveTimeout: 30_000 });
  for (let turn = index; begun < count && !isStopped; turn++) {
    begun++;
    const request = requests[turn % requests.length];
    if (request) samples.push(await ask(client, request));
    if (pauseMs !== undefined) await delay(pauseMs * 2 * Math.random());
  }
  await client.destroy();
}

async function ask(client: Client, { method, path, headers, body }: LoadRequest): Promise<Sample> {
  const sentAtMs = Date.now();
  const startedMs = performance.now();
  const sample = (status: number): Sample => ({
    sentAtMs,
    latencyMs: performance.now() - startedMs,
    method,
    status,
  });
  try {
    const answer = await client.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
    await answer.body.dump({ limit: 1_048_576 });
    return sample(answer.statusCode);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const reason = `${method}: ${code ?? ''} ${message}`;
    errors[reason] = (errors[reason] ?? 0) + 1;
    return sample(0);
  }
}
