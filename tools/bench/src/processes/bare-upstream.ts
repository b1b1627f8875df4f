import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface UpstreamPlan {
  readonly body: string;
  /** What `/cached...` may be kept for; everything else is `no-store`. */
  readonly maxAgeSeconds: number;
}

const headEnd = '\r\n\r\n';

/**
 * Answers every GET with one fixed body, and costs next to nothing: it shares its core with the load, and what it
 * takes is missing there. It reads no bodies and checks nothing. Answers its port.
 */
export async function startBareUpstream({ body, maxAgeSeconds }: UpstreamPlan): Promise<number> {
  const kept = answer(body, `public, max-age=${maxAgeSeconds}`);
  const unkept = answer(body, 'no-store');
  const server = createServer({ noDelay: true }, (socket) => {
    serve(socket, (head) => (head.startsWith('GET /cached') ? kept : unkept));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function serve(socket: Socket, answerTo: (head: string) => Buffer): void {
  let pending = '';
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    for (let end = pending.indexOf(headEnd); end !== -1; end = pending.indexOf(headEnd)) {
      socket.write(answerTo(pending));
      pending = pending.slice(end + headEnd.length);
    }
  });
  // A contender that ends takes its sockets with it.
  socket.on('error', () => socket.destroy());
}

/** The fields that `node:http` would send. */
function answer(body: string, cacheControl: string): Buffer {
  const fields = [
    'HTTP/1.1 200 OK',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `cache-control: ${cacheControl}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: keep-alive',
    'Keep-Alive: timeout=60',
  ];
  return Buffer.from(`${fields.join('\r\n')}${headEnd}${body}`);
}
