import { describe, expect, it } from '@jest/globals';
import { decimalAmount, decimalMoney } from './money.ts';

describe('decimalAmount', () => {
  it.each([
    [12_990, 'EUR', '129.90'],
    [5, 'EUR', '0.05'],
    [0, 'EUR', '0.00'],
    [-1, 'USD', '-0.01'],
    [-12_345, 'USD', '-123.45'],
    [500, 'JPY', '500'],
    [1_234, 'KWD', '1.234'],
    [9_007_199_254_740_991, 'EUR', '90071992547409.91'],
    [100, 'not a currency', '1.00'],
  ])('%d %s is %s', (amount, currency, expected) => {
    expect(decimalAmount({ amount, currency })).toBe(expected);
  });
});

describe('decimalMoney', () => {
  it('keeps the currency beside the decimal', () => {
    expect(decimalMoney({ amount: 12_990, currency: 'EUR' })).toEqual({ amount: '129.90', currency: 'EUR' });
  });
});
