import { type Clock } from '@facet/context';
import { type Claim, ThrottleStore, type Verdict, verdictOf } from '../throttle.store.ts';
import { BucketTable } from './bucket-table.ts';
import { Eviction } from './eviction.ts';
import { KeyHash } from './key-hash.ts';

const absent = -1;
/** What a newcomer waits when every bucket in reach is blocked. */
const crowdedOutMs = 1000;

/**
 * Buckets in this process, on monotonic time: bounded in keys, no timers, 32 bytes a key, an answer at once.
 * When the table is full and every bucket in reach is blocked, a new key is refused: to admit it untracked would make
 * a flood of keys the way round the limits.
 */
export class MemoryThrottleStore extends ThrottleStore {
  readonly #clock: Clock;
  readonly #table: BucketTable;
  readonly #eviction: Eviction;
  readonly #hash = new KeyHash();
  /** Entry, level and room per claim of the request being decided: reused, so that deciding allocates little. */
  readonly #entries: number[] = [];
  readonly #levels: number[] = [];
  readonly #rooms: number[] = [];

  /** @param options.maxKeys keys held at most, default 1,000,000 */
  constructor(clock: Clock, { maxKeys = 1_000_000 }: { readonly maxKeys?: number } = {}) {
    super();
    this.#clock = clock;
    this.#table = new BucketTable(maxKeys);
    this.#eviction = new Eviction(this.#table);
  }

  /** Keys held now. */
  get size(): number {
    return this.#table.size;
  }

  override take(claims: readonly Claim[]): Verdict {
    const nowUs = this.#nowUs();
    const admitted = this.#settle(claims, nowUs);
    if (admitted) {
      if (!this.#place(claims, nowUs)) return crowdedOut(claims);
      for (let index = 0; index < claims.length; index++) this.#charge(claims[index] as Claim, index, nowUs);
    }
    return verdictOf(claims, admitted, this.#rooms);
  }

  override peek(claims: readonly Claim[]): Verdict {
    const admitted = this.#settle(claims, this.#nowUs());
    return verdictOf(claims, admitted, this.#rooms);
  }

  /** How long one has to wait for room in this bucket, ms; 0: there is some. */
  waitMs(claim: Claim): number {
    const entry = this.#find(claim.limit.serial, claim.key);
    return entry === absent ? 0 : this.peek([claim]).retryAfterMs;
  }

  /** Sets what a bucket has free, in units of its rate. In a table crowded with blocked buckets it is left as it was. */
  put({ limit, key }: Claim, room: number): void {
    const nowUs = this.#nowUs();
    this.#entries.length = 1;
    this.#entries[0] = this.#find(limit.serial, key);
    if (!this.#place([{ limit, key }], nowUs)) return;
    this.#table.write(this.#entries[0], limit.bucket.holding(limit.rate, room), nowUs);
  }

  /** Reads every bucket as it is now; true when each has room. */
  #settle(claims: readonly Claim[], nowUs: number): boolean {
    let admitted = true;
    for (let index = 0; index < claims.length; index++) {
      const { limit, key } = claims[index] as Claim;
      const { rate, bucket } = limit;
      const entry = this.#find(limit.serial, key);
      const level = entry === absent ? bucket.fresh(rate) : this.#levelNow(entry, limit, nowUs);
      const room = bucket.room(rate, level);
      if (room < rate.cost) admitted = false;
      this.#entries[index] = entry;
      this.#levels[index] = level;
      this.#rooms[index] = room;
    }
    // Writing a length costs more than the rest of a decision, even where it changes nothing.
    if (this.#entries.length !== claims.length) this.#entries.length = claims.length;
    return admitted;
  }

  /** Gives each claim an entry before any is charged: all or none. */
  #place(claims: readonly Claim[], nowUs: number): boolean {
    return claims.every(({ limit, key }, index) => {
      if (this.#entries[index] !== absent) return true;
      this.#eviction.tidy(nowUs, this.#entries);
      const full = this.#table.size === this.#table.maxKeys;
      if (full && !this.#eviction.makeRoom(nowUs, this.#entries)) return false;
      this.#hash.digest(key, limit.serial);
      const entry = this.#table.insert(this.#hash.low, this.#hash.high, limit);
      this.#table.write(entry, limit.bucket.fresh(limit.rate), nowUs);
      this.#entries[index] = entry;
      return true;
    });
  }

  #charge({ limit: { rate, bucket } }: Claim, index: number, nowUs: number): void {
    const level = bucket.take(rate, this.#levels[index] ?? 0);
    this.#table.write(this.#entries[index] ?? absent, level, nowUs);
    this.#rooms[index] = bucket.room(rate, level);
  }

  #find(space: number, key: string): number {
    this.#hash.digest(key, space);
    return this.#table.find(this.#hash.low, this.#hash.high);
  }

  #levelNow(entry: number, { rate, bucket }: Claim['limit'], nowUs: number): number {
    return bucket.settle(rate, this.#table.level(entry), nowUs - this.#table.atUs(entry));
  }

  #nowUs(): number {
    return Math.floor(this.#clock.monotonic() * 1000);
  }
}

function crowdedOut(claims: readonly Claim[]): Verdict {
  return {
    admitted: false,
    retryAfterMs: crowdedOutMs,
    states: claims.map(({ limit }) => ({ limit, refused: true, remaining: 0, resetMs: crowdedOutMs })),
  };
}
