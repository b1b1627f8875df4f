import { type Readable } from 'node:stream';
import { GatewayError } from '@facet/errors';
import { BodyReader } from './body-reader.ts';
import { type BufferBudget } from './buffer-budget.ts';

export interface SharedBodyOptions {
  /** Bodies over this are passed on, not kept. */
  readonly maxBytes: number;
  readonly budget: BufferBudget;
  /** As the answer declares; an end at another length is a broken body. */
  readonly expectedBytes: number | undefined;
  /** Goes on without any reader: there is nobody to leave. */
  readonly unattended: boolean;
  /** The whole body, in memory of its own; or why there will be none to keep. Called once. */
  readonly settled: (outcome: Buffer | 'too large' | 'broken') => void;
}

/**
 * One body from the origin for many readers. While it is kept whole, readers may join at any time and the slowest
 * holds up nobody; once it is over its bounds, nobody joins and the slowest reader sets the pace. Without readers
 * the origin's body is destroyed. A body that breaks off breaks off for everyone.
 */
export class SharedBody {
  readonly #source: Readable;
  readonly #options: SharedBodyOptions;
  readonly #readers = new Set<BodyReader>();
  #chunks: Buffer[] = [];
  /** Chunks already dropped from the front of `#chunks`. */
  #dropped = 0;
  #bytes = 0;
  #state: 'keeping' | 'passing' | 'complete' | 'broken' = 'keeping';
  #failure: Error | undefined;
  #whole: Buffer | undefined;

  constructor(source: Readable, options: SharedBodyOptions) {
    this.#source = source;
    this.#options = options;
    source.on('data', (chunk: Buffer) => this.#append(chunk));
    source.on('end', () => this.#end());
    source.on('error', (error) => this.#break(error));
    source.on('close', () => this.#break(new GatewayError('upstream_response_incomplete')));
  }

  /** Whether the body can still be read from its beginning. */
  get joinable(): boolean {
    return this.#state === 'keeping' || this.#whole !== undefined;
  }

  /** The body for one more reader; only while `joinable`, or for the first one. */
  open(): Readable | Buffer {
    if (this.#whole) return this.#whole;
    const reader = new BodyReader(this);
    if (this.#state === 'broken') reader.destroy(this.#failure);
    else this.#readers.add(reader);
    return reader;
  }

  /** Pushes to a reader that asks. */
  feed(reader: BodyReader): void {
    while (reader.position - this.#dropped < this.#chunks.length) {
      const chunk = this.#chunks[reader.position - this.#dropped];
      reader.position++;
      reader.hungry = reader.push(chunk);
      if (!reader.hungry) break;
    }
    if (this.#state === 'passing') this.#pace();
    else if (this.#state === 'complete' && reader.position - this.#dropped === this.#chunks.length) {
      reader.hungry = false;
      reader.push(null);
    }
  }

  leave(reader: BodyReader): void {
    this.#readers.delete(reader);
    if (this.#state !== 'keeping' && this.#state !== 'passing') return;
    if (this.#readers.size === 0 && !this.#options.unattended) this.#source.destroy();
    else if (this.#state === 'passing') this.#pace();
  }

  #append(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    if (this.#state === 'keeping' && !this.#keep(chunk.length)) this.#pass();
    this.#feedHungry();
    if (this.#state === 'passing') this.#pace();
  }

  #keep(bytes: number): boolean {
    return this.#bytes <= this.#options.maxBytes && this.#options.budget.take(bytes);
  }

  #pass(): void {
    this.#state = 'passing';
    this.#options.budget.give(this.#bytes - (this.#chunks.at(-1)?.length ?? 0));
    this.#options.settled('too large');
    if (this.#readers.size === 0) this.#source.destroy();
  }

  #feedHungry(): void {
    for (const reader of this.#readers) if (reader.hungry) this.feed(reader);
  }

  /** Drops what everyone has read, and reads on only when nobody lags. */
  #pace(): void {
    let slowest = Infinity;
    for (const reader of this.#readers) slowest = Math.min(slowest, reader.position);
    const read = Math.min(slowest - this.#dropped, this.#chunks.length);
    if (read > 0) {
      this.#chunks.splice(0, read);
      this.#dropped += read;
    }
    if (this.#chunks.length > 0) this.#source.pause();
    else if (this.#source.isPaused()) this.#source.resume();
  }

  #end(): void {
    const { expectedBytes } = this.#options;
    if (expectedBytes !== undefined && expectedBytes !== this.#bytes) {
      this.#break(new GatewayError('upstream_response_incomplete'));
      return;
    }
    const kept = this.#state === 'keeping';
    this.#state = 'complete';
    if (kept) {
      this.#whole = ownCopy(this.#chunks, this.#bytes);
      this.#options.budget.give(this.#bytes);
      this.#options.settled(this.#whole);
    }
    this.#feedHungry();
  }

  #break(failure: Error): void {
    if (this.#state === 'complete' || this.#state === 'broken') return;
    if (this.#state === 'keeping') {
      this.#options.budget.give(this.#bytes);
      this.#options.settled('broken');
    }
    this.#state = 'broken';
    this.#failure = failure;
    this.#chunks = [];
    if (!this.#source.destroyed) this.#source.destroy();
    for (const reader of this.#readers) reader.destroy(failure);
  }
}

/** Chunks are slices of larger reads, which must not be held for long. */
function ownCopy(chunks: readonly Buffer[], bytes: number): Buffer {
  const whole = Buffer.allocUnsafeSlow(bytes);
  let offset = 0;
  for (const chunk of chunks) offset += chunk.copy(whole, offset);
  return whole;
}
