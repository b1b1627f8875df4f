/** The load: clients on kept-alive connections, each waiting for its answer before it asks again. */
import { connect, type Socket } from 'node:net';
import { type LoadPlan, type LoadResult } from './load.ts';

/** Every answer's length is checked; every so many-th one byte by byte. */
const compareEvery = 64;

/** Sends what is planned and answers what came back. */
export async function sendLoad(plan: LoadPlan): Promise<LoadResult> {
  const latenciesMs = new Float64Array(plan.requests);
  const expected = Buffer.from(plan.body);
  const state = { sent: 0, answered: 0, wrong: 0, firstWrong: undefined as string | undefined };
  const started = performance.now();
  const clients = Array.from({ length: plan.connections }, () => client(plan, expected, state, latenciesMs));
  await Promise.all(clients);
  const seconds = (performance.now() - started) / 1000;
  const sorted = latenciesMs.subarray(0, state.answered).sort();
  return {
    answered: state.answered,
    wrong: state.wrong,
    ...(state.firstWrong === undefined ? {} : { firstWrong: state.firstWrong }),
    seconds,
    p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
  };
}

interface State {
  sent: number;
  answered: number;
  wrong: number;
  firstWrong: string | undefined;
}

function client(plan: LoadPlan, expected: Buffer, state: State, latenciesMs: Float64Array): Promise<void> {
  const headers = Object.entries(plan.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = `GET ${plan.path} HTTP/1.1\r\nHost: 127.0.0.1:${plan.port}\r\n${headers.join('')}\r\n`;
  const socket = connect(plan.port, '127.0.0.1').setNoDelay(true);
  return new Promise((resolve) => {
    let pending: Buffer = Buffer.alloc(0);
    let sentAt = 0;
    const next = (): void => {
      if (state.sent >= plan.requests) {
        socket.end();
        resolve();
        return;
      }
      state.sent += 1;
      sentAt = performance.now();
      socket.write(request);
    };
    const wrong = (what: string): void => {
      state.wrong += 1;
      state.firstWrong ??= what;
    };
    socket.once('connect', next);
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      const answer = takeAnswer(pending);
      if (answer === undefined) return;
      pending = Buffer.alloc(0);
      latenciesMs[state.answered] = performance.now() - sentAt;
      state.answered += 1;
      if (!isRight(answer, expected, state.answered)) wrong(answer.head);
      next();
    });
    socket.once('error', (error) => endEarly(socket, error.message));
    socket.once('close', () => endEarly(socket, 'closed'));
    function endEarly(_socket: Socket, what: string): void {
      if (state.sent < plan.requests) wrong(what);
      resolve();
    }
  });
}

interface Answer {
  readonly head: string;
  readonly body: Buffer;
}

/** One whole answer, by Content-Length or chunks; undefined while bytes are missing. */
function takeAnswer(bytes: Buffer): Answer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const start = headEnd + 4;
  if (length !== undefined) {
    const end = start + Number(length);
    return bytes.length >= end ? { head, body: bytes.subarray(start, end) } : undefined;
  }
  if (bytes.length < start + 5 || bytes.toString('latin1', bytes.length - 5) !== '0\r\n\r\n')
    return undefined;
  return { head, body: unchunk(bytes.subarray(start)) };
}

function unchunk(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

function isRight(answer: Answer, expected: Buffer, count: number): boolean {
  if (!answer.head.startsWith('HTTP/1.1 200')) return false;
  if (answer.body.length !== expected.length) return false;
  return count % compareEvery !== 0 || answer.body.equals(expected);
}
