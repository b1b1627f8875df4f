import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescriptorSink } from './line-sink.ts';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

function write(sink: DescriptorSink, line: string): void {
  sink.write(Buffer.from(`${line}\n`));
}

/** Waits for what the sink does in the background, by asking. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('DescriptorSink', () => {
  let folder: string;
  let descriptors: number[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'facet-sink-'));
    descriptors = [];
  });
  afterEach(() => {
    for (const descriptor of descriptors) closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });

  function open(name: string, flags: number | string): number {
    const descriptor = openSync(join(folder, name), flags);
    descriptors.push(descriptor);
    return descriptor;
  }

  function fifo(): void {
    execFileSync('mkfifo', [join(folder, 'fifo')]);
  }

  it('writes whole lines in order, in the background', async () => {
    const sink = new DescriptorSink(open('log', 'w'));
    for (let i = 0; i < 1000; i++) write(sink, `{"n":${i}}`);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('');
    const text = Array.from({ length: 1000 }, (_, i) => `{"n":${i}}\n`).join('');
    await until(() => readFileSync(join(folder, 'log'), 'utf8').length === text.length);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe(text);
    expect(sink.dropped).toBe(0);
  });

  it('writes what waits, and what comes later, at once when it is closed', () => {
    const sink = new DescriptorSink(open('log', 'w'));
    write(sink, 'a');
    sink.close();
    write(sink, 'b');
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('a\nb\n');
  });

  it('drops and counts what a reader that has stopped leaves waiting', async () => {
    fifo();
    const descriptor = open('fifo', O_RDWR | O_NONBLOCK);
    const sink = new DescriptorSink(descriptor);
    const line = 'x'.repeat(1023);
    for (let i = 0; i < 9 * 1024; i++) write(sink, line);
    expect(sink.dropped).toBeGreaterThanOrEqual(1000);
    expect(sink.dropped).toBeLessThanOrEqual(1100);
    const lost = sink.dropped;
    // The reader comes back: what waited arrives, lines whole.
    const buffer = Buffer.alloc(256 * 1024);
    let received = '';
    await until(() => {
      received += readAvailable(descriptor, buffer);
      return received.length >= (9 * 1024 - lost) * 1024;
    });
    expect(received.split('\n').every((each) => each === line || each === '')).toBe(true);
  });

  it('survives a reader that went away, and counts', async () => {
    fifo();
    const reader = openSync(join(folder, 'fifo'), O_RDONLY | O_NONBLOCK);
    const sink = new DescriptorSink(open('fifo', O_WRONLY | O_NONBLOCK));
    closeSync(reader);
    write(sink, 'lost');
    await until(() => sink.dropped === 1);
    write(sink, 'lost too');
    sink.close();
    write(sink, 'and this');
    expect(sink.dropped).toBeGreaterThanOrEqual(2);
  });
});

function readAvailable(descriptor: number, buffer: Buffer): string {
  try {
    return buffer.toString('latin1', 0, readSync(descriptor, buffer));
  } catch {
    return '';
  }
}
