import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { until } from './until.ts';

/** Frame types (RFC 9113, section 6). */
export const frameType = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const endStream = 1;
export const endHeaders = 4;
export const acknowledged = 1;

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

export type Field = readonly [name: string, value: string];

/** The pseudo-fields of a request. */
export function request(path: string, method = 'GET', authority = 'localhost'): Field[] {
  return [
    [':method', method],
    [':scheme', 'https'],
    [':path', path],
    [':authority', authority],
  ];
}

export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}

/** A HEADERS frame; flags default to a whole request without a body. */
export function headers(streamId: number, fields: readonly Field[], flags = endStream | endHeaders): Buffer {
  return frame(frameType.headers, flags, streamId, fieldBlock(fields));
}

export function reset(streamId: number, code: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(code);
  return frame(frameType.reset, 0, streamId, payload);
}

/** Literals, neither indexed nor Huffman-coded (RFC 7541, section 6.2.2): every byte arrives as it is given. */
export function fieldBlock(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]));
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

/** A client of HTTP/2 that sends what it is told, byte for byte, and remembers every frame that came back. */
export class Http2Wire implements AsyncDisposable {
  readonly socket: TLSSocket;
  readonly frames: Frame[] = [];
  #rest: Buffer = Buffer.alloc(0);

  private constructor(socket: TLSSocket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** @param settings of the client, each identifier with its value; acknowledged are the server's only by `acknowledge` */
  static async connect(
    url: string,
    settings: readonly (readonly [number, number])[] = [],
  ): Promise<Http2Wire> {
    const port = Number(new URL(url).port);
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2'] });
    await once(socket, 'secureConnect');
    const wire = new Http2Wire(socket);
    const payload = Buffer.alloc(settings.length * 6);
    settings.forEach(([id, value], index) => {
      payload.writeUInt16BE(id, index * 6);
      payload.writeUInt32BE(value, index * 6 + 2);
    });
    wire.send(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(frameType.settings, 0, 0, payload));
    await wire.until(() => wire.of(frameType.settings).length > 0);
    return wire;
  }

  acknowledge(): void {
    this.send(frame(frameType.settings, acknowledged, 0));
  }

  send(...frames: readonly Buffer[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(frames));
  }

  get isClosed(): boolean {
    return this.socket.closed;
  }

  of(type: number, streamId?: number): Frame[] {
    return this.frames.filter(
      (frame) => frame.type === type && (streamId === undefined || frame.streamId === streamId),
    );
  }

  /** Error code of the reset of a stream; undefined when it was not reset. */
  resetOf(streamId: number): number | undefined {
    return this.of(frameType.reset, streamId)[0]?.payload.readUInt32BE(0);
  }

  /** Error code of the latest GOAWAY. */
  get goaway(): number | undefined {
    return this.of(frameType.goaway).at(-1)?.payload.readUInt32BE(4);
  }

  hasAnswer(streamId: number): boolean {
    return this.of(frameType.headers, streamId).length > 0;
  }

  /** The bytes of a stream's answer, as text. */
  bodyOf(streamId: number): string {
    return Buffer.concat(this.of(frameType.data, streamId).map(({ payload }) => payload)).toString();
  }

  /** A stream has ended, by either side's doing, or the connection has. */
  isOver(streamId: number): boolean {
    const ended = this.frames.some(
      ({ type, flags, streamId: id }) =>
        id === streamId &&
        (type === frameType.data || type === frameType.headers) &&
        (flags & endStream) !== 0,
    );
    return ended || this.resetOf(streamId) !== undefined || this.isClosed;
  }

  until(holds: () => boolean): Promise<void> {
    return until(holds);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.closed) return;
    const closed = once(this.socket, 'close');
    this.socket.destroy();
    await closed;
  }

  #read(chunk: Buffer): void {
    let rest = Buffer.concat([this.#rest, chunk]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const length = rest.readUIntBE(0, 3);
      this.frames.push({
        type: rest[3] ?? 0,
        flags: rest[4] ?? 0,
        streamId: rest.readUInt32BE(5) & 0x7fffffff,
        payload: Buffer.from(rest.subarray(9, 9 + length)),
      });
      rest = rest.subarray(9 + length);
    }
    this.#rest = rest;
  }
}
