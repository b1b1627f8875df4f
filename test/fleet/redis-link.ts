import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The network between one instance and Redis: it can be cut, for open connections too, and mended. */
export class RedisLink implements AsyncDisposable {
  readonly #redisPort: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(redisPort: number) {
    this.#redisPort = redisPort;
    this.#server = createServer({ noDelay: true }, (client) => this.#serve(client));
  }

  static async open(redisPort: number): Promise<RedisLink> {
    const link = new RedisLink(redisPort);
    link.#server.listen(0, '127.0.0.1');
    await once(link.#server, 'listening');
    return link;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on bytes vanish and new connections are accepted by nobody behind, as in a partition: no goodbye. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** The peers find their old connections dead and make new ones. */
  mend(): void {
    this.#isCut = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.mend();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #serve(client: Socket): void {
    this.#keep(client);
    if (this.#isCut) {
      client.pause();
      return;
    }
    const redis = this.#keep(connect({ port: this.#redisPort, host: '127.0.0.1', noDelay: true }));
    this.#pass(client, redis);
    this.#pass(redis, client);
  }

  #pass(from: Socket, to: Socket): void {
    from.on('data', (chunk) => void to.write(chunk));
    from.on('close', () => to.destroy());
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined);
  }
}
