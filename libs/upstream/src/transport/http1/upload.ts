import { GatewayError } from '@facet/errors';
import { type Socket } from 'node:net';
import { type Readable } from 'node:stream';

/** Sends a body as it comes, as fast as the upstream takes it. */
export class Upload {
  readonly #socket: Socket;
  readonly #body: Readable;
  readonly #length: number | undefined;
  readonly #fail: (reason: GatewayError) => void;
  #sent = 0;
  #isOver = false;

  /**
   * @param length bytes to come; undefined: sent in chunks
   * @param fail told once when the body is not what was declared, or breaks off
   */
  constructor(
    socket: Socket,
    body: Readable,
    length: number | undefined,
    fail: (reason: GatewayError) => void,
  ) {
    this.#socket = socket;
    this.#body = body;
    this.#length = length;
    this.#fail = fail;
    body
      .on('data', this.#onData)
      .on('end', this.#onEnd)
      .on('error', this.#onBreak)
      .on('close', this.#onBreak);
    socket.on('drain', this.#onDrain);
    // It may have ended or broken before anybody listened.
    if (body.destroyed) this.#onBreak();
    else if (body.readableEnded) this.#onEnd();
  }

  /** All of it has been handed to the socket. */
  get isComplete(): boolean {
    return this.#isOver;
  }

  /** Nobody wants the rest. */
  stop(): void {
    if (this.#isOver) return;
    this.#leave();
    this.#body.destroy();
  }

  readonly #onData = (piece: Buffer | string): void => {
    // What is written must be as long as is said, and a string is not.
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece;
    if (chunk.length === 0) return;
    this.#sent += chunk.length;
    if (this.#length !== undefined && this.#sent > this.#length) return this.#refuse('malformed_request');
    if (!this.#write(chunk)) this.#body.pause();
  };

  readonly #onDrain = (): void => {
    this.#body.resume();
  };

  readonly #onEnd = (): void => {
    if (this.#length !== undefined && this.#sent !== this.#length) return this.#refuse('malformed_request');
    this.#leave();
    if (this.#length === undefined) this.#socket.write('0\r\n\r\n', 'latin1');
  };

  readonly #onBreak = (): void => this.#refuse('client_closed_request');

  #write(chunk: Buffer): boolean {
    if (this.#length !== undefined) return this.#socket.write(chunk);
    this.#socket.cork();
    this.#socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
    this.#socket.write(chunk);
    const isOpen = this.#socket.write('\r\n', 'latin1');
    this.#socket.uncork();
    return isOpen;
  }

  #refuse(reason: 'malformed_request' | 'client_closed_request'): void {
    if (this.#isOver) return;
    this.#leave();
    this.#fail(new GatewayError(reason));
  }

  #leave(): void {
    this.#isOver = true;
    // Errors are still listened to: one that is on its way would be uncaught.
    this.#body.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onBreak);
    this.#socket.off('drain', this.#onDrain);
  }
}
