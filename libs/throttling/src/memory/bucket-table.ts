import { type Limit } from '../limit.ts';

/** Words of an entry: hash low, hash high, next in chain, serial of its limit, then two doubles. */
const intsPerEntry = 8;
const floatsPerEntry = 4;
const none = -1;

/**
 * The buckets of at most `maxKeys` keys in one flat array: a chained hash table whose entries never move, 32 bytes
 * each. Nothing is ever rehashed or swept at once and the collector sees no object per key; pages are taken from the
 * system as entries are first used. It holds and finds; which entry may leave is the caller's to say.
 */
export class BucketTable {
  readonly maxKeys: number;
  readonly #heads: Int32Array;
  readonly #ints: Int32Array;
  readonly #floats: Float64Array;
  readonly #limits: Limit[] = [];
  #used = 0;
  #freed = none;
  #freeCount = 0;

  constructor(maxKeys: number) {
    this.maxKeys = maxKeys;
    const entries = new ArrayBuffer(maxKeys * intsPerEntry * 4);
    this.#ints = new Int32Array(entries);
    this.#floats = new Float64Array(entries);
    // Heads hold entry + 1: zeroed memory is an empty table.
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(maxKeys)));
  }

  /** Keys held. */
  get size(): number {
    return this.#used - this.#freeCount;
  }

  /** Entries ever used: a hand that looks for idle ones walks below this. */
  get span(): number {
    return this.#used;
  }

  /** The entry of a hash, or -1. */
  find(low: number, high: number): number {
    let entry = this.#head(low);
    while (entry !== none && !(this.#int(entry, 0) === low && this.#int(entry, 1) === high)) {
      entry = this.#int(entry, 2);
    }
    return entry;
  }

  /** A new entry, or -1 when the table is full. The hash must not be in it. */
  insert(low: number, high: number, limit: Limit): number {
    const entry = this.#unused();
    if (entry === none) return none;
    this.#limits[limit.serial] = limit;
    const at = entry * intsPerEntry;
    this.#ints[at] = low;
    this.#ints[at + 1] = high;
    this.#ints[at + 2] = this.#head(low);
    this.#ints[at + 3] = limit.serial;
    this.#setHead(low, entry);
    return entry;
  }

  /** Takes an entry out; its place is the next to be used. */
  remove(entry: number): void {
    const low = this.#int(entry, 0);
    const next = this.#int(entry, 2);
    let before = this.#head(low);
    if (before === entry) this.#setHead(low, next);
    else {
      while (this.#int(before, 2) !== entry) before = this.#int(before, 2);
      this.#ints[before * intsPerEntry + 2] = next;
    }
    this.#ints[entry * intsPerEntry + 2] = this.#freed;
    this.#ints[entry * intsPerEntry + 3] = none;
    this.#freed = entry;
    this.#freeCount++;
  }

  /** The limit an entry belongs to; undefined when the entry is not in use. */
  limitOf(entry: number): Limit | undefined {
    const serial = this.#int(entry, 3);
    return serial === none ? undefined : this.#limits[serial];
  }

  level(entry: number): number {
    return this.#floats[entry * floatsPerEntry + 2] ?? 0;
  }

  atUs(entry: number): number {
    return this.#floats[entry * floatsPerEntry + 3] ?? 0;
  }

  write(entry: number, level: number, atUs: number): void {
    this.#floats[entry * floatsPerEntry + 2] = level;
    this.#floats[entry * floatsPerEntry + 3] = atUs;
  }

  #unused(): number {
    if (this.#freed !== none) {
      const entry = this.#freed;
      this.#freed = this.#int(entry, 2);
      this.#freeCount--;
      return entry;
    }
    return this.#used < this.maxKeys ? this.#used++ : none;
  }

  #int(entry: number, word: number): number {
    return this.#ints[entry * intsPerEntry + word] ?? 0;
  }

  #head(low: number): number {
    return (this.#heads[low & (this.#heads.length - 1)] ?? 0) - 1;
  }

  #setHead(low: number, entry: number): void {
    this.#heads[low & (this.#heads.length - 1)] = entry + 1;
  }
}
