import { describe, expect, it } from '@jest/globals';
import { LineBytes } from './line-bytes.ts';

function written(fill: (line: LineBytes) => void, line = new LineBytes()): string {
  line.clear();
  fill(line);
  return line.written.toString();
}

describe('LineBytes', () => {
  it('puts text and bytes one behind the other, whatever they are made of', () => {
    const parts = ['a', 'ä', '', 'nothing but ASCII', '日本語', 'half ASCII, half 😀', '\u0000', '\ud800'];
    const all = (line: LineBytes): void =>
      parts.forEach((part, index) => (index % 2 === 0 ? line.text(part) : line.bytes(Buffer.from(part))));
    expect(written(all)).toBe(Buffer.from(parts.join('')).toString());
    expect(written((line) => [line.ascii('id-1'), line.text('é'), line.ascii('')])).toBe('id-1é');
  });

  it('grows with what it is given, and forgets it afterwards', () => {
    const line = new LineBytes();
    const long = 'ä'.repeat(10_000);
    expect(written((each) => [each.text('1'), each.text(long), each.text('2')], line)).toBe(`1${long}2`);
    expect(written((each) => each.text('short'), line)).toBe('short');
  });

  it.each([
    [0, '0'],
    [0.004, '0'],
    [0.005, '0.01'],
    [0.1, '0.10'],
    [1, '1'],
    [9.999, '10'],
    [12.34, '12.34'],
    [59_999.05, '59999.05'],
    [1e9, '1000000000'],
  ])('writes %d in hundredths as %s', (ms, text) => {
    expect(written((line) => line.hundredths(ms))).toBe(text);
  });
});
