import { Type } from 'typebox';
import { type FileResult, readDataFile } from './data-file.ts';
import { type TierLimit, type TiersConfig } from './gateway-config.ts';
import { parseRate, ratePattern } from './rate.ts';

const tierSchema = Type.Union([
  Type.Literal('unlimited'),
  Type.Object(
    {
      rate: Type.String({ pattern: ratePattern, description: 'n/s, n/m or n/h' }),
      burst: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'default: n of rate' }),
      ),
      algorithm: Type.Optional(Type.Enum(['token-bucket', 'leaky-bucket'])),
    },
    { additionalProperties: false },
  ),
]);

/** `TIERS_FILE`: limits by tier; a tier that is not named keeps its default. */
export const tiersSchema = Type.Object(
  {
    anonymous: Type.Optional(tierSchema),
    free: Type.Optional(tierSchema),
    paid: Type.Optional(tierSchema),
    premium: Type.Optional(tierSchema),
    enterprise: Type.Optional(tierSchema),
  },
  { additionalProperties: false },
);

/** Requests a minute by tier; anonymous callers are counted by address. */
export const defaultTiers: TiersConfig = {
  anonymous: perMinute(60),
  free: perMinute(100),
  paid: perMinute(1_000),
  premium: perMinute(10_000),
  enterprise: 'unlimited',
};

/** Reads and checks the file and lays it over the defaults. */
export function readTiersFile(path: string): FileResult<TiersConfig> {
  const result = readDataFile(path, tiersSchema);
  if ('faults' in result) return result;
  const named = Object.entries(result.value).map(([tier, limit]) => [tier, toTierLimit(limit)]);
  return { value: { ...defaultTiers, ...(Object.fromEntries(named) as Partial<TiersConfig>) } };
}

function toTierLimit(
  limit: 'unlimited' | { rate: string; burst?: number; algorithm?: 'token-bucket' | 'leaky-bucket' },
): TierLimit {
  if (limit === 'unlimited') return limit;
  const rate = parseRate(limit.rate) ?? { limit: 1, windowMs: 1_000 };
  return { ...rate, burst: limit.burst ?? rate.limit, algorithm: limit.algorithm ?? 'token-bucket' };
}

function perMinute(limit: number): TierLimit {
  return { limit, windowMs: 60_000, burst: limit, algorithm: 'token-bucket' };
}
