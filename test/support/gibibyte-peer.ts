import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * A process of its own that is both ends of a large transfer, so that what grows elsewhere is the gateway. It prints
 * the port of its upstream, then for each line `down <url>` or `up <url>` what arrived: `<bytes> <sha256>`.
 */
const bytes = 1024 ** 3;
const chunk = Buffer.alloc(64 * 1024, 'facet streams what it passes on. ');

function* chunks() {
  for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
}

/** Hashing keeps the reader slower than the sender. */
async function digest(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  let received = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    hash.update(part);
    received += part.length;
  }
  return `${received} ${hash.digest('hex')}`;
}

const upstream = createServer((incoming, response) => {
  if (incoming.method === 'POST') {
    void digest(incoming).then((seen) => response.end(seen));
    return;
  }
  response.setHeader('content-length', bytes);
  void pipeline(Readable.from(chunks()), response);
}).listen(0, '127.0.0.1');

async function down(url: string): Promise<string> {
  const [answer] = (await once(request(url).end(), 'response')) as [IncomingMessage];
  return await digest(answer);
}

async function up(url: string): Promise<string> {
  const call = request(url, { method: 'POST' });
  const response = once(call, 'response') as Promise<[IncomingMessage]>;
  await pipeline(Readable.from(chunks()), call);
  const [answer] = await response;
  return Buffer.concat(await answer.toArray()).toString();
}

await once(upstream, 'listening');
process.stdout.write(
  `${(upstream.address() as AddressInfo).port} ${await digest(Readable.from(chunks()))}\n`,
);
for await (const line of createInterface({ input: process.stdin })) {
  const [way, url = ''] = line.split(' ');
  process.stdout.write(`${way === 'up' ? await up(url) : await down(url)}\n`);
}
upstream.closeAllConnections();
upstream.close();
