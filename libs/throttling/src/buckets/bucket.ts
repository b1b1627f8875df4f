import { type Rate } from './rate.ts';

/** What an algorithm does with the one number that is kept per key. Pure; all values in units of the rate. */
export interface Bucket {
  /** The number of a key never seen, or idle for long. */
  fresh(rate: Rate): number;
  /** The number after `elapsedUs` (not negative) have passed. */
  settle(rate: Rate, level: number, elapsedUs: number): number;
  /** Units free for requests: one is admitted when at least `rate.cost` are. */
  room(rate: Rate, level: number): number;
  /** The number of a bucket with so many free units. */
  holding(rate: Rate, room: number): number;
  /** The number after one request was admitted. */
  take(rate: Rate, level: number): number;
}

/** Whole requests that fit into `room` units. */
export function remainingRequests(rate: Rate, room: number): number {
  return Math.floor(room / rate.cost);
}

/** Time until one more whole request fits than fits into `room`; 0 when nothing more can. */
export function untilNextUs(rate: Rate, room: number): number {
  if (room >= rate.capacity) return 0;
  return Math.ceil((rate.cost - (room % rate.cost)) / rate.refill);
}
