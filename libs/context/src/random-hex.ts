import { randomBytes } from 'node:crypto';

// One draw serves hundreds of ids: a call into the random source, and one to spell its bytes, cost more than the rest
// of an id.
const poolBytes = 4096;
let pool = '';
let offset = 0;

/** `bytes` random bytes as lower-case hex; at most 4096 bytes. */
export function randomHex(bytes: number): string {
  const length = bytes * 2;
  if (offset + length > pool.length) {
    pool = randomBytes(poolBytes).toString('hex');
    offset = 0;
  }
  const hex = pool.slice(offset, offset + length);
  offset += length;
  return hex;
}
