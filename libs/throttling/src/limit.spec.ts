import { describe, expect, it } from '@jest/globals';
import { Limit } from './limit.ts';

describe('Limit', () => {
  it('has the limit as its burst and the token bucket as its algorithm, unless told otherwise', () => {
    expect(new Limit({ name: 'x', limit: 5, windowMs: 1000 }, 'tier')).toMatchObject({
      burst: 5,
      onStoreFailure: 'local',
      id: 'tier:x:token-bucket:5/1000/5',
    });
  });

  it('shares buckets with the same limit declared again, and with no other', () => {
    const numbers = { name: 'x', limit: 5, windowMs: 1000 };
    const limit = new Limit(numbers, 'a');
    expect(new Limit({ ...numbers, burst: 5 }, 'a').serial).toBe(limit.serial);
    const others = [
      new Limit(numbers, 'b'),
      new Limit({ ...numbers, name: 'y' }, 'a'),
      new Limit({ ...numbers, limit: 6 }, 'a'),
      new Limit({ ...numbers, burst: 6 }, 'a'),
      new Limit({ ...numbers, algorithm: 'leaky-bucket' }, 'a'),
    ];
    expect(new Set([limit, ...others].map(({ serial }) => serial)).size).toBe(6);
  });

  it('says which limit is wrong', () => {
    expect(() => new Limit({ name: 'x', limit: 0, windowMs: 1000 }, 'tier')).toThrow(
      /^limit tier:x: limit must be/,
    );
  });
});
