import { Readable } from 'node:stream';
import { type OriginResponse } from '../exchange-types.ts';
import { declaredBytes } from '../rules/fields.ts';

const drainedBytes = 64 * 1024;

/** Gets rid of an answer nobody will read: a short one is drained, so that its connection can be used again. */
export function discard({ status, headers, body }: OriginResponse): void {
  if (!(body instanceof Readable)) return;
  body.on('error', () => undefined);
  const bytes = status === 304 ? 0 : declaredBytes(headers);
  if (bytes !== undefined && bytes <= drainedBytes) body.resume();
  else body.destroy();
}
