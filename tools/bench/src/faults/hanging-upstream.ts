import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';

/** An upstream that answers nothing and remembers when each of its callers hung up. */
export class HangingUpstream {
  readonly #http: Server;
  /** Accepts and says nothing: whoever wants TLS of it waits for the handshake. */
  readonly #mute: TcpServer;
  /** Monotonic ms, by path. */
  readonly #closedAtMs = new Map<string, number>();
  readonly #waiting = new Map<string, () => void>();
  readonly #started = new Map<string, () => void>();
  #underWay = 0;

  private constructor() {
    this.#http = createServer((request, response) => {
      const path = request.url ?? '';
      this.#started.get(path)?.();
      this.#underWay++;
      response.once('close', () => {
        this.#underWay--;
        this.#closedAtMs.set(path, performance.now());
        this.#waiting.get(path)?.();
      });
    });
    this.#mute = createTcpServer((socket) => socket.on('error', () => undefined).resume());
  }

  static async start(): Promise<HangingUpstream> {
    const upstream = new HangingUpstream();
    for (const server of [upstream.#http, upstream.#mute]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return upstream;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get secureUrl(): string {
    return `https://127.0.0.1:${(this.#mute.address() as AddressInfo).port}`;
  }

  /** Requests that wait for an answer in vain. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Resolves when a request for the path has arrived; ask before it is sent. */
  arrival(path: string): Promise<void> {
    return new Promise((resolve) => this.#started.set(path, resolve));
  }

  /** When the caller of the path hung up, once it has. */
  async closedAtMs(path: string): Promise<number> {
    const known = this.#closedAtMs.get(path);
    if (known !== undefined) return known;
    await new Promise<void>((resolve) => this.#waiting.set(path, resolve));
    return this.closedAtMs(path);
  }

  async stop(): Promise<void> {
    this.#http.closeAllConnections();
    const closed = [once(this.#http, 'close'), once(this.#mute, 'close')];
    this.#http.close();
    this.#mute.close();
    await Promise.all(closed);
  }
}
