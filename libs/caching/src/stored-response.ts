import { type HeaderField, type HeaderList } from './rules/fields.ts';

/** All of a stored answer but its body. Instants are on the clock's monotonic scale, ms. */
export interface StoredHead {
  readonly status: number;
  readonly statusText?: string;
  /** As sent on a hit, but for `Age` and `Cache-Status`. */
  readonly headers: HeaderList;
  /** When the answer was 0 s old. */
  readonly bornAtMs: number;
  readonly freshUntilMs: number;
  /** `-Infinity` where stale use is not allowed; the same for the next. */
  readonly staleWhileRevalidateUntilMs: number;
  readonly staleIfErrorUntilMs: number;
  /** Never used without asking the origin first (`no-cache`). */
  readonly alwaysRevalidate: boolean;
  /** Not even a client that asks for it gets this stale. */
  readonly neverStale: boolean;
  readonly immutable: boolean;
  readonly etag?: string;
  readonly lastModified?: string;
  /** Request fields, in lower case, that chose this answer. */
  readonly vary: readonly string[];
  /** What it is purged by: its URI, its path and the policy's tags. */
  readonly labels: readonly string[];
}

/** Bytes counted for objects, map slots and index entries of one record, over its strings and its body. */
const overheadBytes = 1_024;

/** What a plain hit is sent with. */
interface Hit {
  readonly ageSeconds: number;
  readonly ttlSeconds: number;
  readonly headers: HeaderList;
  readonly cacheStatus: string;
}

/** A complete answer, ready to be sent: nothing of it is parsed again on a hit. */
export class StoredResponse {
  readonly head: StoredHead;
  readonly body: Buffer;
  #hit: Hit | undefined;

  constructor(head: StoredHead, body: Buffer) {
    const sized =
      head.status === 204 || head.headers.some(([name]) => name.toLowerCase() === 'content-length');
    this.head = sized
      ? head
      : {
          ...head,
          headers: [...head.headers, ['Content-Length', String(body.length)] satisfies HeaderField],
        };
    this.body = body;
  }

  ageSeconds(nowMs: number): number {
    return Math.max(0, Math.floor((nowMs - this.head.bornAtMs) / 1000));
  }

  /** The field list of a plain hit, made once per second; shared, so never to be changed. */
  hit(nowMs: number, cacheName: string): Hit {
    const ageSeconds = this.ageSeconds(nowMs);
    const ttlSeconds = Math.floor((this.head.freshUntilMs - nowMs) / 1000);
    if (this.#hit?.ageSeconds === ageSeconds && this.#hit.ttlSeconds === ttlSeconds) return this.#hit;
    const cacheStatus = `${cacheName}; hit; ttl=${ttlSeconds}`;
    const marks: HeaderList = [
      ['Age', String(ageSeconds)],
      ['Cache-Status', cacheStatus],
    ];
    this.#hit = { ageSeconds, ttlSeconds, headers: [...this.head.headers, ...marks], cacheStatus };
    return this.#hit;
  }

  get labels(): readonly string[] {
    return this.head.labels;
  }

  /** Roughly what it takes in memory. */
  get bytes(): number {
    let bytes = overheadBytes + this.body.length;
    for (const [name, value] of this.head.headers) bytes += name.length + value.length + 64;
    for (const label of this.labels) bytes += label.length + 64;
    return bytes;
  }
}

/** Kept where answers of one URI differ by request fields: says which, so that the variant's own key can be made. */
export class VaryMarker {
  readonly vary: readonly string[];
  readonly labels: readonly string[];

  constructor(vary: readonly string[], labels: readonly string[]) {
    this.vary = vary;
    this.labels = labels;
  }

  get bytes(): number {
    return overheadBytes + [...this.vary, ...this.labels].reduce((sum, text) => sum + text.length, 0);
  }
}

export type CacheRecord = StoredResponse | VaryMarker;
