import { type Bucket } from './bucket.ts';

/**
 * Leaky bucket as a meter (ITU-T I.371): the number kept is the level. Each request adds to it, it drains at a steady
 * rate, and what would overflow is refused. Nothing is queued or delayed on purpose: a gateway that holds requests
 * holds sockets. With the same size it admits what the token bucket admits; a small `burst` is what makes the flow
 * behind it smooth.
 */
export const leakyBucket: Bucket = {
  fresh: () => 0,
  settle: (rate, level, elapsedUs) => Math.max(0, level - elapsedUs * rate.refill),
  room: (rate, level) => rate.capacity - level,
  holding: (rate, room) => rate.capacity - room,
  take: (rate, level) => level + rate.cost,
};
