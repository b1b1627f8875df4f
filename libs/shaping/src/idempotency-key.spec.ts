import { describe, expect, it } from '@jest/globals';
import { idempotencyKey } from './idempotency-key.ts';

describe('idempotencyKey', () => {
  it.each([undefined, 'a', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', 'x'.repeat(255)])(
    'takes %j',
    (header) => {
      expect(idempotencyKey(header)).toBe(header);
    },
  );

  it.each([
    [''],
    [' '],
    ['a b'],
    ['a, b'],
    ['x'.repeat(256)],
    ['ä'],
    [['a', 'b']],
    ['""'],
    ['"a'],
    ['a"'],
    ['a"b'],
    ['"a\\b"'],
  ])('refuses %j', (header) => {
    expect(() => idempotencyKey(header)).toThrow(
      expect.objectContaining({
        reason: 'invalid_input',
        options: { violations: [expect.objectContaining({ in: 'header', pointer: '/idempotency-key' })] },
      }),
    );
  });
});
