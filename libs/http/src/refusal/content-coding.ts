import { type IncomingMessage } from 'node:http';
import { type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { GatewayError } from '@facet/errors';

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

type DecodedBody = Transform & { receivedEncodedLength: number };

/**
 * Undoes the `Content-Encoding` of a request body; the caller counts what comes out against the body limit.
 * One coding only: a stack of them, or an unknown one, is 415.
 * @returns undefined when the body is not coded
 */
export function decodedBody(raw: IncomingMessage): DecodedBody | undefined {
  const coding = raw.headers['content-encoding']?.trim().toLowerCase();
  if (coding === undefined || coding === '' || coding === 'identity') return undefined;
  const create = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
  if (create === undefined) {
    throw new GatewayError('unsupported_media_type', {
      detail: 'The content coding is not supported',
      headers: { 'Accept-Encoding': 'gzip, deflate, br' },
    });
  }
  const decoder = Object.assign(create(), { receivedEncodedLength: 0 });
  raw.on('data', (chunk: Buffer) => {
    decoder.receivedEncodedLength += chunk.length;
  });
  raw.on('error', (error) => decoder.destroy(error));
  return raw.pipe(decoder);
}
