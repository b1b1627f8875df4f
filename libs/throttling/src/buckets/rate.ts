/**
 * A rate in whole units, chosen so that neither a request nor a microsecond is ever a fraction: refill is exact for
 * 7 a minute as for 10,000 an hour, on every engine that counts in doubles.
 */
export interface Rate {
  /** Units one request takes. */
  readonly cost: number;
  /** Units that come back in one µs. */
  readonly refill: number;
  /** Units a bucket holds: a whole multiple of `cost`. */
  readonly capacity: number;
}

export interface RateNumbers {
  /** Requests per window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Requests that may come at once. */
  readonly burst: number;
}

/**
 * Converts requests per window to units.
 * @throws RangeError when a number is not a positive integer, or the bucket is too fine to be counted exactly
 */
export function exactRate({ limit, windowMs, burst }: RateNumbers): Rate {
  for (const [name, value] of Object.entries({ limit, windowMs, burst })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a positive integer, got ${value}`);
    }
  }
  const windowUs = windowMs * 1000;
  const divisor = greatestCommonDivisor(limit, windowUs);
  const cost = windowUs / divisor;
  const capacity = cost * burst;
  if (!Number.isSafeInteger(windowUs) || !Number.isSafeInteger(capacity)) {
    throw new RangeError(`limit ${limit} per ${windowMs} ms with burst ${burst} cannot be counted exactly`);
  }
  return { cost, refill: limit / divisor, capacity };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
