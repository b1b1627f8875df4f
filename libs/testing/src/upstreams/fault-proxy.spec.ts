import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { FakeClock } from '../fake-clock.ts';
import { raw } from './answers.ts';
import { type Fault, FaultProxy } from './fault-proxy.ts';
import { ScriptedUpstream } from './scripted-upstream.ts';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789';
const clock = new FakeClock();
let upstream: ScriptedUpstream;
let proxy: FaultProxy;

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(raw(answer, 'end'));
  proxy = await FaultProxy.start(upstream.port, clock);
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** Sends a request and gives back every byte that came until the end, or `reset`. */
async function ask(fault: Fault): Promise<string> {
  proxy.next(fault);
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  return buffer(socket).then(
    (bytes) => bytes.toString(),
    () => 'reset',
  );
}

describe('FaultProxy', () => {
  it('passes everything when there is no fault', async () => {
    expect(await ask({})).toBe(answer);
  });

  it('resets after so many bytes', async () => {
    expect(await ask({ resetAfterBytes: 20 })).toBe('reset');
  });

  it('changes the stated length', async () => {
    expect(await ask({ lengthOff: -3 })).toBe(answer.replace('10', '7'));
  });

  it('adds bytes after the answer', async () => {
    expect(await ask({ extra: 'HTTP/1.1 200 OK\r\n\r\n' })).toBe(`${answer}HTTP/1.1 200 OK\r\n\r\n`);
  });

  it('waits by its clock', async () => {
    const asked = ask({ latencyMs: 5_000, bytesPerSecond: answer.length });
    await upstream.received(1);
    while (clock.pendingTimers === 0) await new Promise(setImmediate);
    await clock.advance(5_999);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1);
    expect(await asked).toBe(answer);
  });

  it('says nothing when it is half-open, and nothing more when it stalls', async () => {
    for (const fault of [{ halfOpen: true }, { stallAfterBytes: 5 }]) {
      const seen = ask(fault);
      while (proxy.openSockets === 0) await new Promise(setImmediate);
      if (!fault.halfOpen) await upstream.received(1);
      const first = await Promise.race([seen, new Promise((resolve) => setImmediate(resolve, 'silent'))]);
      expect(first).toBe('silent');
    }
    expect(upstream.requests).toHaveLength(1);
  });
});
