import { type Bucket } from './bucket.ts';

/**
 * Token bucket: the number kept is the tokens left. They come back at a steady rate up to the burst, so a caller who
 * was quiet may send `burst` at once, and any span of time admits at most burst + refill.
 */
export const tokenBucket: Bucket = {
  fresh: (rate) => rate.capacity,
  settle: (rate, tokens, elapsedUs) => Math.min(rate.capacity, tokens + elapsedUs * rate.refill),
  room: (_rate, tokens) => tokens,
  holding: (_rate, room) => room,
  take: (rate, tokens) => tokens - rate.cost,
};
