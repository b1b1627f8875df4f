import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** All of a body, whether it came in one piece or is still coming; rejects when it breaks off. */
export async function wholeBody(body: Readable | Buffer): Promise<Buffer> {
  return Buffer.isBuffer(body) ? body : await buffer(body);
}

/** A body that is still coming. */
export function stillComing(body: Readable | Buffer): Readable {
  if (Buffer.isBuffer(body)) throw new Error('the body came in one piece');
  return body;
}
