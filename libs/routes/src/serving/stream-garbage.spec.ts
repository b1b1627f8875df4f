import { describe, expect, it, jest } from '@jest/globals';
import { StreamGarbage } from './stream-garbage.ts';

describe('StreamGarbage', () => {
  it('collects once for every 16 MiB that passed', () => {
    const collect = jest.fn();
    const garbage = new StreamGarbage(collect);
    const chunk = new Uint8Array(64 * 1024);
    for (let count = 0; count < 255; count++) garbage.add(chunk);
    expect(collect).not.toHaveBeenCalled();
    garbage.add(chunk);
    expect(collect).toHaveBeenCalledTimes(1);
    for (let count = 0; count < 256; count++) garbage.add(chunk);
    expect(collect).toHaveBeenCalledTimes(2);
  });

  it('can collect by itself', () => {
    expect(() => new StreamGarbage().add(new Uint8Array(16 * 1024 * 1024))).not.toThrow();
  });
});
