import { type Readable } from 'node:stream';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import { type Coding } from './content-coding.ts';

/** Below this the coding's own overhead and the CPU eat what is saved. */
export const minCompressedBytes = 1024;

// Quality 4 takes about the time of gzip 6 on JSON and yields less; the default 11 would take a hundred times that.
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const gzipOptions = { level: 6 };

/** Compresses a whole body on zlib's threads. */
export function compress(
  coding: Coding,
  body: string | Buffer,
  done: (error: Error | null, compressed: Buffer) => void,
): void {
  if (coding === 'br') brotliCompress(body, brotliOptions, done);
  else gzip(body, gzipOptions, done);
}

/** Compresses a stream as it passes; a fault on either side ends the other. */
export function compressedStream(coding: Coding, body: Readable): Readable {
  const encoder = coding === 'br' ? createBrotliCompress(brotliOptions) : createGzip(gzipOptions);
  body.on('error', (error) => encoder.destroy(error));
  encoder.on('close', () => body.destroy());
  return body.pipe(encoder);
}
