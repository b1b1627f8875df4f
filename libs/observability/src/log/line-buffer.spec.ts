import { describe, expect, it } from '@jest/globals';
import { LineBuffer } from './line-buffer.ts';

const lineOf = (text: string): Buffer => Buffer.from(`${text}\n`);
const text = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString('utf8');

describe('LineBuffer', () => {
  it.each([1, 2, 1_000])('gives %d lines back as they came, each with its end', (count) => {
    const buffer = new LineBuffer();
    const lines = Array.from({ length: count }, (_, index) => `line ${index} ä€😀`);
    for (const line of lines) buffer.add(lineOf(line));
    expect(buffer.lines).toBe(count);
    expect(text(buffer.take())).toBe(lines.map((line) => `${line}\n`).join(''));
    expect([buffer.lines, buffer.bytes, buffer.take()]).toEqual([0, 0, []]);
  });

  it('takes lines of any length', () => {
    const buffer = new LineBuffer();
    const lines = [1, 20_000, 70_000, 5, 300_000, 1].map((length, index) => String(index).repeat(length));
    for (const line of lines) buffer.add(lineOf(line));
    expect(text(buffer.take())).toBe(`${lines.join('\n')}\n`);
  });

  it('knows how much waits', () => {
    const buffer = new LineBuffer();
    for (let index = 0; index < 1_000; index++) buffer.add(lineOf('x'.repeat(99)));
    expect(buffer.bytes).toBe(100_000);
  });

  it('writes over what it was given back, and over nothing before', () => {
    const buffer = new LineBuffer();
    const rounds = Array.from({ length: 20 }, (_, round) => `${round} `.repeat(300 + round));
    let written: Buffer[] = [];
    for (const [round, line] of rounds.entries()) {
      for (let index = 0; index < 40; index++) buffer.add(lineOf(line));
      const taken = buffer.take();
      // What was taken before is still being written while these came.
      expect(text(written)).toBe(round === 0 ? '' : `${rounds[round - 1]}\n`.repeat(40));
      buffer.giveBack(written);
      written = taken;
    }
  });
});
