import { ratePattern } from '@facet/config';
import { Type } from 'typebox';
import { closed } from './fields.schema.ts';

const off = Type.Literal('off');

const seconds = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 31_536_000, description: `seconds from 0: ${description}` });

/** One limit of a route; `n` of the rate is the burst unless `burst` says otherwise. */
const limitSchema = closed({
  per: Type.Enum(['client', 'subject', 'key', 'route', 'total'], {
    description: 'what is counted: client (address), subject, key (API key), route or total',
  }),
  rate: Type.String({ pattern: ratePattern, description: 'n/s, n/m or n/h' }),
  burst: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000_000,
      description: 'a whole number from 1; default: n of rate',
    }),
  ),
  algorithm: Type.Optional(
    Type.Enum(['token-bucket', 'leaky-bucket'], { description: 'token-bucket (default) or leaky-bucket' }),
  ),
  onStoreFailure: Type.Optional(
    Type.Enum(['local', 'open', 'closed'], {
      description: 'local (default), open or closed: what holds while the shared store is away',
    }),
  ),
});

export const limitsSchema = Type.Union([off, Type.Array(limitSchema, { minItems: 1 })], {
  description: 'off, or a list of { per, rate, burst, algorithm }; absent: the limit of the caller’s tier',
});

export const retrySchema = Type.Union(
  [
    off,
    closed({
      attempts: Type.Integer({
        minimum: 1,
        maximum: 10,
        description: 'a whole number from 1 to 10: how often the upstream is asked in all',
      }),
    }),
  ],
  {
    description:
      'off, or { attempts }; absent: as the upstream is declared; only idempotent requests are retried',
  },
);

const whole = (description: string) =>
  Type.Integer({ minimum: 1, description: `a whole number from 1: ${description}` });

export const breakerSchema = Type.Union(
  [
    off,
    closed({
      volumeThreshold: Type.Optional(whole('calls in the window before it may open; default 10')),
      errorThresholdPercentage: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 100,
          description: 'percent of the calls from 1 to 100; default 50',
        }),
      ),
      windowMs: Type.Optional(whole('milliseconds it looks back; default 10000')),
      resetTimeoutMs: Type.Optional(whole('milliseconds until it lets one call try; default 2000')),
    }),
  ],
  { description: 'off, or { volumeThreshold, errorThresholdPercentage, windowMs, resetTimeoutMs }' },
);

export const corsSchema = Type.Union(
  [
    off,
    closed({
      origins: Type.Array(
        Type.String({
          pattern: '^https?://[a-z0-9.-]+(:[0-9]{1,5})?$',
          description: 'an exact origin in lower case, https://shop.example; never *',
        }),
        { minItems: 1, uniqueItems: true },
      ),
    }),
  ],
  {
    description: 'off (the upstream answers for itself), or { origins }; absent: the gateway’s own',
  },
);

export const cacheSchema = closed(
  {
    identity: Type.Enum(['public', 'perTier', 'perSubject'], {
      description: 'who may share an answer: public, perTier or perSubject; there is no default',
    }),
    ttlSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 31_536_000,
        description: 'seconds from 1; absent: the origin’s headers alone decide',
      }),
    ),
    staleWhileRevalidateSeconds: Type.Optional(seconds('in place of the origin’s stale-while-revalidate')),
    staleIfErrorSeconds: Type.Optional(seconds('in place of the origin’s stale-if-error')),
    storeSetCookie: Type.Optional(
      Type.Boolean({
        description: 'true or false (default): are answers with Set-Cookie stored, cookies and all',
      }),
    ),
    clientDirectives: Type.Optional(
      Type.Enum(['honour', 'ignore'], {
        description: 'honour (default) or ignore: are Cache-Control and Pragma of requests heard',
      }),
    ),
    tags: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,64}$' }), {
        minItems: 1,
        description: 'names to purge by',
      }),
    ),
  },
  '{ identity, ttlSeconds, ... }; absent: no cache',
);
