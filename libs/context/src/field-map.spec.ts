import { describe, expect, it } from '@jest/globals';
import { FieldMap } from './field-map.ts';

describe('FieldMap', () => {
  const fields = new FieldMap([
    ['host', 1],
    ['range', 2],
    ['x-a_b', 3],
    ['authorization', 4],
  ]);

  it.each([
    ['host', 1],
    ['Host', 1],
    ['HOST', 1],
    ['rAnGe', 2],
    ['x-a_b', 3],
    ['X-A_B', 3],
    ['Authorization', 4],
  ])('finds %s', (name, value) => {
    expect(fields.get(name)).toBe(value);
  });

  // The Kelvin sign and the long s become ASCII letters in other comparisons; \r differs from - by the bit of a case.
  it.each(['', 'hos', 'hose', 'x\ra_b', 'X-A\u007fB', 'ho\u017ft', 'authorizatio\u212a', 'a'.repeat(100)])(
    'does not take %j for one',
    (name) => {
      expect(fields.get(name)).toBeUndefined();
    },
  );
});
