import { describe, expect, it } from '@jest/globals';
import { bearerToken } from './bearer-token.ts';

describe('bearerToken', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    ['Bearer', ''],
    ['Bearer a b', 'a b'],
  ])('takes the token of %p', (authorization, token) => {
    expect(bearerToken(authorization)).toBe(token);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearerabc def', 'Bearer\tabc', 'JWT abc', '', 'DPoP abc'])(
    'leaves %p to others',
    (authorization) => {
      expect(bearerToken(authorization)).toBeUndefined();
    },
  );
});
