import { type BucketTable } from './bucket-table.ts';

/** Entries looked at on each new key, room or not: keeps the idle share small without a timer. */
const stridePerKey = 4;
/** How long the search for an idle entry goes on before an active one is given up instead. */
const strideForIdle = 64;
/** The most one new key may cost, in entries looked at: some 200 us. */
const strideAtMost = 16_384;
/** After such a search in vain there is none for so long: a flood of new keys cannot buy time with blocked ones. */
const pauseUs = 10_000;

/**
 * Finds who leaves when a new key needs a place: a hand that walks the table round and round. Idle buckets (full
 * again, so that forgetting them changes nothing) leave first; with none in reach, the one nearest to full. A bucket
 * that refuses is never taken out: forgetting it would unblock its caller.
 */
export class Eviction {
  readonly #table: BucketTable;
  #hand = 0;
  #pausedUntilUs = 0;

  constructor(table: BucketTable) {
    this.#table = table;
  }

  /**
   * Lets a few idle buckets go; called on each new key.
   * @param kept entries of the request being decided, which stay
   */
  tidy(nowUs: number, kept: readonly number[]): void {
    const steps = Math.min(stridePerKey, this.#table.span);
    for (let step = 0; step < steps; step++) {
      const entry = this.#next();
      if (freeShare(this.#table, entry, nowUs) === 1 && !kept.includes(entry)) this.#table.remove(entry);
    }
  }

  /** Makes a place in a full table; false when every bucket in reach is blocked or kept. */
  makeRoom(nowUs: number, kept: readonly number[]): boolean {
    if (nowUs < this.#pausedUntilUs) return false;
    const victim = this.#victim(nowUs, kept);
    if (victim === -1) this.#pausedUntilUs = nowUs + pauseUs;
    else this.#table.remove(victim);
    return victim !== -1;
  }

  #victim(nowUs: number, kept: readonly number[]): number {
    let victim = -1;
    let victimShare = -1;
    const steps = Math.min(strideAtMost, this.#table.span);
    for (let step = 0; step < steps; step++) {
      if (victim !== -1 && step >= strideForIdle) break;
      const entry = this.#next();
      const share = freeShare(this.#table, entry, nowUs);
      if (share <= victimShare || kept.includes(entry)) continue;
      victim = entry;
      victimShare = share;
      if (share === 1) break;
    }
    return victim;
  }

  #next(): number {
    this.#hand = this.#hand >= this.#table.span ? 0 : this.#hand;
    return this.#hand++;
  }
}

/** Free part of a bucket, 1 when idle, -1 when it is blocked or not in use. */
function freeShare(table: BucketTable, entry: number, nowUs: number): number {
  const limit = table.limitOf(entry);
  if (limit === undefined) return -1;
  const { rate, bucket } = limit;
  const room = bucket.room(rate, bucket.settle(rate, table.level(entry), nowUs - table.atUs(entry)));
  return room < rate.cost ? -1 : room / rate.capacity;
}
