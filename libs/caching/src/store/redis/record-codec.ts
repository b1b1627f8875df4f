import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import { type Clock } from '@facet/context';
import { type CacheRecord, type StoredHead, StoredResponse, VaryMarker } from '../../stored-response.ts';

const version = 1;
/** Below, compression gains less than it costs. */
const minCompressedBytes = 1_024;
/** Up to here it is done on the spot, in about the time a thread switch takes. */
const maxSyncBytes = 64 * 1024;
const bodyDeflated = 1;

const deflateAsync = promisify<Buffer, Buffer>(deflateRaw);
const inflateAsync = promisify(inflateRaw);

/** The head as written: instants in ms since the epoch; JSON has null for never. */
interface WrittenHead extends Omit<StoredHead, 'staleWhileRevalidateUntilMs' | 'staleIfErrorUntilMs'> {
  readonly staleWhileRevalidateUntilMs: number | null;
  readonly staleIfErrorUntilMs: number | null;
}
interface Written {
  readonly storedAtMs: number;
  readonly head?: WrittenHead;
  readonly bodyBytes?: number;
  readonly vary?: readonly string[];
  readonly labels?: readonly string[];
}

export interface Decoded {
  readonly record: CacheRecord;
  /** Wall time, ms since the epoch. */
  readonly storedAtMs: number;
}

/** Records as bytes: a byte of version, one of flags, the length of a JSON head, the head, the body. */
export class RecordCodec {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async encode(record: CacheRecord): Promise<Buffer> {
    const storedAtMs = this.#clock.now();
    if (record instanceof VaryMarker) {
      return frame(0, { storedAtMs, vary: record.vary, labels: record.labels }, Buffer.alloc(0));
    }
    const { head, body } = record;
    const coded = head.headers.some(([name]) => name.toLowerCase() === 'content-encoding');
    const deflated = coded || body.length < minCompressedBytes ? body : await deflate(body);
    const smaller = deflated.length < body.length;
    const written: Written = {
      storedAtMs,
      head: moved(head, storedAtMs - this.#clock.monotonic()),
      bodyBytes: body.length,
    };
    return frame(smaller ? bodyDeflated : 0, written, smaller ? deflated : body);
  }

  /** @returns undefined for anything this version did not write */
  async decode(bytes: Buffer): Promise<Decoded | undefined> {
    if (bytes.length < 6 || bytes[0] !== version) return undefined;
    const headEnd = 6 + bytes.readUInt32BE(2);
    const written = JSON.parse(bytes.toString('utf8', 6, headEnd)) as Written;
    const { storedAtMs, head, bodyBytes = 0, vary = [], labels = [] } = written;
    if (!head) return { record: new VaryMarker(vary, labels), storedAtMs };
    const stored = bytes.subarray(headEnd);
    const body = bytes[1] === bodyDeflated ? await inflate(stored, bodyBytes) : stored;
    if (body.length !== bodyBytes) return undefined;
    const own = moved(head, this.#clock.monotonic() - this.#clock.now());
    return { record: new StoredResponse(own, body), storedAtMs };
  }
}

/** A head with its instants on another scale. */
function moved(head: WrittenHead, offsetMs: number): StoredHead {
  return {
    ...head,
    bornAtMs: head.bornAtMs + offsetMs,
    freshUntilMs: head.freshUntilMs + offsetMs,
    staleWhileRevalidateUntilMs: (head.staleWhileRevalidateUntilMs ?? -Infinity) + offsetMs,
    staleIfErrorUntilMs: (head.staleIfErrorUntilMs ?? -Infinity) + offsetMs,
  };
}

function frame(flags: number, written: Written, body: Buffer): Buffer {
  const head = Buffer.from(JSON.stringify(written));
  const prefix = Buffer.alloc(6);
  prefix.writeUInt8(version, 0);
  prefix.writeUInt8(flags, 1);
  prefix.writeUInt32BE(head.length, 2);
  return Buffer.concat([prefix, head, body]);
}

async function deflate(body: Buffer): Promise<Buffer> {
  return body.length <= maxSyncBytes ? deflateRawSync(body, { level: 1 }) : await deflateAsync(body);
}

/** @param bytes the size it must have: no more is ever written to memory */
async function inflate(body: Buffer, bytes: number): Promise<Buffer> {
  const options = { maxOutputLength: Math.max(1, bytes) };
  return bytes <= maxSyncBytes ? inflateRawSync(body, options) : await inflateAsync(body, options);
}
