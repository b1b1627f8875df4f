import { randomFillSync } from 'node:crypto';

const idBytes = 8;
const pool = Buffer.allocUnsafe(512 * idBytes);
let used = pool.length;

/** A fresh span id: 16 lower-case hex digits. Random bytes are drawn in bulk. */
export function newSpanId(): string {
  if (used >= pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = pool.toString('hex', used, used + idBytes);
  used += idBytes;
  return id;
}
