/** The upstream of every contender: answers each GET with one fixed body. Prints its port to its parent. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

process.once('message', ({ body, maxAgeSeconds }: { body: string; maxAgeSeconds: number }) => {
  const bytes = Buffer.from(body);
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume();
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': bytes.length,
      'cache-control': request.url?.startsWith('/cached') ? `public, max-age=${maxAgeSeconds}` : 'no-store',
    });
    response.end(bytes);
  });
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
});
process.once('disconnect', () => process.exit(0));
