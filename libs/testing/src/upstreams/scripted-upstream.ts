import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Answer, json } from './answers.ts';
import { type RecordedRequest, RequestReader } from './request-reader.ts';

/**
 * An upstream on a free port of 127.0.0.1 that does what its script says, down to single bytes, and remembers what it
 * saw. `await using upstream = await ScriptedUpstream.start(...)` closes it.
 */
export class ScriptedUpstream implements AsyncDisposable {
  /** In order of arrival. */
  readonly requests: RecordedRequest[] = [];
  /** Connections ever accepted. */
  connections = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #next: Answer[] = [];
  readonly #waiting = new Set<() => void>();
  #always: Answer;

  private constructor(always: Answer) {
    this.#always = always;
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  /** @param always what every request gets unless `next` says otherwise; default: `{}` */
  static async start(always: Answer = json({})): Promise<ScriptedUpstream> {
    const upstream = new ScriptedUpstream(always);
    upstream.#server.listen(0, '127.0.0.1');
    await once(upstream.#server, 'listening');
    return upstream;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Replaces what every request gets. */
  always(answer: Answer): void {
    this.#always = answer;
  }

  /** What the next requests get, one each. */
  next(...answers: Answer[]): void {
    this.#next.push(...answers);
  }

  /** Resolves when `count` requests have come since the start. */
  async received(count: number): Promise<RecordedRequest[]> {
    await this.#until(() => this.requests.length >= count);
    return this.requests;
  }

  /** Resolves when no more than `count` connections are open. */
  closedDownTo(count: number): Promise<void> {
    return this.#until(() => this.#sockets.size <= count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #serve(socket: Socket): void {
    const reader = new RequestReader(++this.connections);
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#changed();
    });
    socket.on('data', (chunk: Buffer) => {
      for (const request of reader.push(chunk)) this.#answer(socket, request);
    });
  }

  #answer(socket: Socket, request: RecordedRequest): void {
    this.requests.push(request);
    this.#changed();
    void (this.#next.shift() ?? this.#always)(socket, request);
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #changed(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
