import { expect, it } from '@jest/globals';
import { median, pairwiseRatio, shuffled } from './statistics.ts';

it('takes the middle, or between the two middles', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

it('compares round by round, so that a slow round is slow for both', () => {
  expect(pairwiseRatio([10, 40, 10], [20, 80, 20])).toBe(0.5);
});

it('shuffles all there are', () => {
  const values = [1, 2, 3, 4];
  const orders = Array.from({ length: 500 }, () => shuffled(values));
  expect(orders.every((order) => order.toSorted().join() === '1,2,3,4')).toBe(true);
  expect(new Set(orders.map((order) => order.join())).size).toBe(24);
});
