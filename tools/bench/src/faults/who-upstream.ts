import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** An upstream whose answer is the subject it was told of, and which lets everybody store it. */
export class WhoUpstream {
  readonly #server: Server;
  /** Requests so far. */
  asked = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.asked++;
      response.setHeader('cache-control', 'public, max-age=3600');
      response.end(request.headers['x-user-id']);
    });
  }

  static async start(): Promise<WhoUpstream> {
    const upstream = new WhoUpstream();
    upstream.#server.listen(0, '127.0.0.1');
    await once(upstream.#server, 'listening');
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
