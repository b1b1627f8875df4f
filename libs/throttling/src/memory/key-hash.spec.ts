import { describe, expect, it } from '@jest/globals';
import { KeyHash } from './key-hash.ts';

describe('KeyHash', () => {
  const digests = (hash: KeyHash, texts: readonly string[], space = 0) =>
    texts.map((text) => {
      hash.digest(text, space);
      return `${hash.low}:${hash.high}`;
    });
  const texts = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);

  it('gives each of 100,000 similar keys its own digest, in every space', () => {
    const hash = new KeyHash();
    const all = [...digests(hash, texts, 1), ...digests(hash, texts, 2)];
    expect(new Set(all).size).toBe(200_000);
  });

  it('spreads similar keys evenly over chains', () => {
    const hash = new KeyHash();
    const chains = new Uint32Array(1024);
    for (const text of texts) {
      hash.digest(text, 1);
      chains[hash.low & 1023]!++;
    }
    const mean = texts.length / chains.length;
    const chiSquare = chains.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    // 1,023 degrees of freedom: above 1,300 once in 10^8.
    expect(chiSquare).toBeLessThan(1300);
  });

  it('tells apart what differs in length, tail or case only', () => {
    const near = ['', '\0', '\0\0', 'a', 'a\0', 'A', 'aa', 'aaa', 'aab', 'baa'];
    expect(new Set(digests(new KeyHash(), near)).size).toBe(near.length);
  });

  it('cannot be predicted from another process', () => {
    expect(digests(new KeyHash(), ['x'])).not.toEqual(digests(new KeyHash(), ['x']));
  });
});
