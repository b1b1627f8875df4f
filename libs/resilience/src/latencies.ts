/** Bucket i holds latencies up to `1.2 ** i` ms: 60 buckets reach about 47 s, each quantile is at most 20 % high. */
const growth = 1.2;
const bucketCount = 60;
const logGrowth = Math.log(growth);
/** After so many samples the old ones count half, so that quantiles follow the live behaviour. */
const halveAfter = 1_000;

/** How long calls have lately taken, in 240 bytes, without keeping the samples. */
export class Latencies {
  readonly #counts = new Uint32Array(bucketCount);
  #total = 0;

  record(tookMs: number): void {
    const bucket = tookMs <= 1 ? 0 : Math.min(bucketCount - 1, Math.ceil(Math.log(tookMs) / logGrowth));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    if (++this.#total >= halveAfter) this.#halve();
  }

  /** The upper bound of the bucket the quantile lies in, ms; undefined until 10 calls are known. */
  quantile(share: number): number | undefined {
    if (this.#total < 10) return undefined;
    const rank = share * this.#total;
    let seen = 0;
    let bucket = 0;
    while (bucket < bucketCount - 1 && (seen += this.#counts[bucket] ?? 0) < rank) bucket++;
    return growth ** bucket;
  }

  /** The median, or 0 while it is not known. */
  get typicalMs(): number {
    return this.quantile(0.5) ?? 0;
  }

  #halve(): void {
    this.#total = 0;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const count = (this.#counts[bucket] ?? 0) >> 1;
      this.#counts[bucket] = count;
      this.#total += count;
    }
  }
}
