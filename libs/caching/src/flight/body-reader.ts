import { Readable } from 'node:stream';

/** What a reader reads from. */
export interface BodySource {
  feed(reader: BodyReader): void;
  leave(reader: BodyReader): void;
}

/** One reader of a shared body. */
export class BodyReader extends Readable {
  /** Chunks read so far. */
  position = 0;
  /** Has room for more. */
  hungry = false;
  readonly #body: BodySource;

  constructor(body: BodySource) {
    super({ highWaterMark: 64 * 1024 });
    this.#body = body;
  }

  override _read(): void {
    this.hungry = true;
    this.#body.feed(this);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.hungry = false;
    this.#body.leave(this);
    callback(error);
  }
}
