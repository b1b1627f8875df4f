import { type Socket } from 'node:net';
import { type RecordedRequest } from './request-reader.ts';

/** What a scripted upstream does with one request: anything that can be done to its socket. */
export type Answer = (socket: Socket, request: RecordedRequest) => void | Promise<void>;

export interface AnswerOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** A sound answer with a JSON body. */
export function json(body: unknown, options: AnswerOptions = {}): Answer {
  return text(JSON.stringify(body), {
    ...options,
    headers: { 'content-type': 'application/json', ...options.headers },
  });
}

/** A sound answer with these bytes. */
export function text(body: string | Buffer, { status = 200, headers = {} }: AnswerOptions = {}): Answer {
  return (socket, request) => {
    const bytes = Buffer.from(body);
    socket.write(head(status, { ...headers, 'content-length': String(bytes.length) }));
    if (request.method !== 'HEAD') socket.write(bytes);
  };
}

/** These bytes and no others: garbage, wrong lengths, half an answer. Then the socket stays, ends or is reset. */
export function raw(bytes: string | Buffer, then: 'stay' | 'end' | 'reset' = 'stay'): Answer {
  return (socket) => {
    socket.write(bytes, () => {
      if (then === 'end') socket.end();
      if (then === 'reset') socket.resetAndDestroy();
    });
  };
}

/** Nothing, ever. */
export const hang: Answer = () => undefined;

/** A TCP reset instead of an answer. */
export const reset: Answer = (socket) => {
  socket.resetAndDestroy();
};

/** The connection closed properly, without an answer. */
export const hangUp: Answer = (socket) => {
  socket.end();
};

/** The answer once `opened` resolves. */
export function when(opened: Promise<unknown>, answer: Answer): Answer {
  return async (socket, request) => {
    await opened;
    if (!socket.destroyed) await answer(socket, request);
  };
}

/** A body of `totalBytes`, chunk by chunk as the reader takes it. */
export function large(totalBytes: number, { status = 200, headers = {} }: AnswerOptions = {}): Answer {
  return async (socket) => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    socket.write(
      head(status, { 'content-type': 'text/plain', ...headers, 'content-length': String(totalBytes) }),
    );
    for (let left = totalBytes; left > 0 && !socket.destroyed; left -= chunk.length) {
      const open = socket.write(left < chunk.length ? chunk.subarray(0, left) : chunk);
      if (!open) await new Promise<void>((resolve) => onDrainOrClose(socket, resolve));
    }
  };
}

/** The head of an answer, `\r\n\r\n` included. */
export function head(status: number, headers: Readonly<Record<string, string | readonly string[]>>): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${one}\r\n`),
  );
  return `HTTP/1.1 ${status} Scripted\r\n${lines.join('')}\r\n`;
}

function onDrainOrClose(socket: Socket, resolve: () => void): void {
  const done = (): void => {
    socket.off('drain', done).off('close', done);
    resolve();
  };
  socket.on('drain', done).on('close', done);
}
