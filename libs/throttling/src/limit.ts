import { type LimitPolicy } from '@facet/context';
import { type Bucket } from './buckets/bucket.ts';
import { leakyBucket } from './buckets/leaky-bucket.ts';
import { exactRate, type Rate } from './buckets/rate.ts';
import { tokenBucket } from './buckets/token-bucket.ts';
import { policyItem, quoted } from './rate-limit-fields.ts';

type LimitNumbers = Omit<LimitPolicy, 'per'>;

const serials = new Map<string, number>();

/** A limit ready to be decided on: numbers checked, in units, with the place its keys live in. Immutable. */
export class Limit {
  readonly name: string;
  /**
   * Where its keys live: what it belongs to and its numbers. Two limits with one id share their buckets; other numbers
   * are another id, so that a changed config never reads the units of the old one.
   */
  readonly id: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly burst: number;
  readonly algorithm: 'token-bucket' | 'leaky-bucket';
  readonly rate: Rate;
  readonly bucket: Bucket;
  readonly onStoreFailure: 'local' | 'open' | 'closed';
  /** Stands for the id in this process. */
  readonly serial: number;
  /** Its item of the `RateLimit-Policy` field. */
  readonly policyItem: string;
  /** Its name as the `RateLimit` field has it. */
  readonly quotedName: string;

  /**
   * @param scope what the limit belongs to, `tier` or an endpoint: part of the id
   * @throws RangeError with the limit's name when its numbers cannot be counted exactly
   */
  constructor(numbers: LimitNumbers, scope: string) {
    const { name, limit, windowMs, burst = limit, algorithm = 'token-bucket' } = numbers;
    this.name = name;
    this.limit = limit;
    this.windowMs = windowMs;
    this.burst = burst;
    this.algorithm = algorithm;
    this.bucket = algorithm === 'leaky-bucket' ? leakyBucket : tokenBucket;
    this.onStoreFailure = numbers.onStoreFailure ?? 'local';
    this.id = `${scope}:${name}:${algorithm}:${limit}/${windowMs}/${burst}`;
    this.serial = serials.get(this.id) ?? serials.size;
    serials.set(this.id, this.serial);
    try {
      this.rate = exactRate({ limit, windowMs, burst });
    } catch (error) {
      throw new RangeError(`limit ${scope}:${name}: ${(error as Error).message}`, { cause: error });
    }
    this.policyItem = policyItem(this);
    this.quotedName = quoted(name);
  }
}
