import { randomFillSync } from 'node:crypto';

// One call into the random source serves hundreds of ids: asking it per request costs more than the rest of the id.
const pool = Buffer.allocUnsafe(4096);
let offset = pool.length;

/** `bytes` random bytes as lower-case hex; at most 4096 bytes. */
export function randomHex(bytes: number): string {
  if (offset + bytes > pool.length) {
    randomFillSync(pool);
    offset = 0;
  }
  const hex = pool.toString('hex', offset, offset + bytes);
  offset += bytes;
  return hex;
}
