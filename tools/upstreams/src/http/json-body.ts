import { type IncomingMessage } from 'node:http';
import { HttpFault } from './http-fault.ts';

const MAX_BYTES = 1024 * 1024;

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early must not destroy the socket: the answer still has to go out on it.
  const body: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw new HttpFault(413, `The body is over ${MAX_BYTES} bytes.`, { headers: { connection: 'close' } });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** Throws 415 for another content type, 413 over 1 MiB, 400 for text that is not JSON. */
export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') throw new HttpFault(415, 'The body must be application/json.');
  const text = await read(request);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new HttpFault(400, 'The body is not JSON.');
  }
};
