import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Clock, systemClock } from '@facet/context';

/** What happens to one connection. Bytes are counted on the way from the upstream to its client, heads included. */
export interface Fault {
  /** Each chunk of the answer comes this much later. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
  /** After so many bytes the connection is reset. */
  readonly resetAfterBytes?: number;
  /** After so many bytes nothing more comes, and nothing is closed. */
  readonly stallAfterBytes?: number;
  /** Accepted and then left alone, as by a stopped process. */
  readonly halfOpen?: boolean;
  /** Sent instead of any answer. */
  readonly garbage?: string | Buffer;
  /** Added to the `Content-Length` that the upstream states. */
  readonly lengthOff?: number;
  /** Sent after the upstream's bytes. */
  readonly extra?: string | Buffer;
}

/** A TCP proxy before a sound upstream that spoils connections as its script says. Waits by the clock it is given. */
export class FaultProxy implements AsyncDisposable {
  /** Connections ever accepted. */
  connections = 0;
  readonly #server: Server;
  readonly #upstreamPort: number;
  readonly #clock: Clock;
  readonly #sockets = new Set<Socket>();
  readonly #next: Fault[] = [];
  #always: Fault = {};

  private constructor(upstreamPort: number, clock: Clock) {
    this.#upstreamPort = upstreamPort;
    this.#clock = clock;
    this.#server = createServer({ noDelay: true }, (client) => void this.#serve(client));
  }

  static async start(upstreamPort: number, clock: Clock = systemClock): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstreamPort, clock);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** For every connection from now on. */
  always(fault: Fault): void {
    this.#always = fault;
  }

  /** For the next connections, one each. */
  next(...faults: Fault[]): void {
    this.#next.push(...faults);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  async #serve(client: Socket): Promise<void> {
    this.connections++;
    this.#keep(client);
    const fault = this.#next.shift() ?? this.#always;
    if (fault.halfOpen) return;
    if (fault.garbage !== undefined) {
      client.once('data', () => client.write(fault.garbage as string));
      return;
    }
    const upstream = this.#keep(connect(this.#upstreamPort, '127.0.0.1'));
    client.pipe(upstream);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.end());
    await this.#answer(upstream, client, fault).catch(() => undefined);
  }

  async #answer(upstream: Socket, client: Socket, fault: Fault): Promise<void> {
    let left = Math.min(fault.resetAfterBytes ?? Infinity, fault.stallAfterBytes ?? Infinity);
    for await (const chunk of upstream as AsyncIterable<Buffer>) {
      const bytes = fault.lengthOff === undefined ? chunk : relengthened(chunk, fault.lengthOff);
      await this.#delay(fault, bytes.length);
      if (client.destroyed) return;
      client.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left <= 0 && fault.resetAfterBytes !== undefined) client.resetAndDestroy();
      if (left <= 0) return;
      if (fault.extra !== undefined) client.write(fault.extra);
      if (client.writableNeedDrain) await once(client, 'drain');
    }
  }

  async #delay({ latencyMs = 0, bytesPerSecond = Infinity }: Fault, bytes: number): Promise<void> {
    const delayMs = latencyMs + (bytes / bytesPerSecond) * 1_000;
    if (delayMs > 0) await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, delayMs));
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    return socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined);
  }
}

function relengthened(chunk: Buffer, off: number): Buffer {
  const text = chunk.toString('latin1');
  return Buffer.from(
    text.replace(
      /(\r\ncontent-length:\s*)(\d+)/i,
      (_, name: string, length: string) => `${name}${Number(length) + off}`,
    ),
    'latin1',
  );
}
