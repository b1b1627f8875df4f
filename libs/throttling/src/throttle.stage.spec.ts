import { beforeEach, describe, expect, it } from '@jest/globals';
import { type TiersConfig } from '@facet/config';
import { anonymous, type LimitPolicy, type Policy, type Principal, type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { FakeClock, testContext } from '@facet/testing';
import { Registry } from 'prom-client';
import { MemoryThrottleStore } from './memory/memory-throttle.store.ts';
import { ThrottleMetrics } from './metrics.ts';
import { ThrottlePlanner } from './throttle-plan.ts';
import { ThrottleStage, type ThrottleStageParts } from './throttle.stage.ts';

const perMinute = (limit: number) =>
  ({ limit, windowMs: 60_000, burst: limit, algorithm: 'token-bucket' }) as const;
const tiers: TiersConfig = {
  anonymous: perMinute(2),
  free: perMinute(3),
  paid: perMinute(5),
  premium: { ...perMinute(6), algorithm: 'leaky-bucket' },
  enterprise: 'unlimited',
};

let clock: FakeClock;
let registry: Registry;
let parts: ThrottleStageParts;
let stage: ThrottleStage;

beforeEach(() => {
  clock = new FakeClock();
  registry = new Registry();
  parts = {
    planner: new ThrottlePlanner(tiers),
    store: new MemoryThrottleStore(clock),
    metrics: new ThrottleMetrics(registry),
  };
  stage = new ThrottleStage(parts);
});

const policyOf = (limits: Policy['limits'], route = '/orders'): Policy => ({
  route,
  access: { accept: 'public', scopes: [], roles: [] },
  limits,
});
const tierOnly = policyOf('tier');

const caller = (
  subject: string,
  tier: Principal['tier'] = 'free',
  more: Partial<Principal> = {},
): Principal => ({
  ...anonymous,
  kind: 'bearer',
  subject,
  tier,
  ...more,
});

interface Asked {
  readonly principal?: Principal;
  readonly clientAddress?: string;
  readonly headers?: StageRequest['headers'];
  readonly body?: unknown;
}

function ask(
  policy: Policy,
  { principal = anonymous, clientAddress = '192.0.2.1', headers = {}, body }: Asked = {},
) {
  const facet = testContext({ clock, principal, clientAddress });
  const request = { method: 'GET', url: '/', headers, body, facet } as unknown as StageRequest;
  const fields: Record<string, string> = {};
  const reply = { header: (name: string, value: string) => void (fields[name] = value) };
  let error: unknown;
  try {
    expect(stage.run(request, reply, policy)).toBeUndefined();
  } catch (thrown) {
    error = thrown;
  }
  return { error: error as GatewayError | undefined, fields, decisions: facet.decisions };
}

/** How many of `count` requests are admitted. */
function admitted(count: number, policy: Policy, asked: Asked = {}): number {
  return Array.from({ length: count }, () => ask(policy, asked)).filter(({ error }) => error === undefined)
    .length;
}

describe('ThrottleStage', () => {
  it('tells an admitted caller where it stands', () => {
    const { error, fields, decisions } = ask(tierOnly, { principal: caller('anna') });
    expect(error).toBeUndefined();
    expect(fields).toEqual({ 'ratelimit-policy': '"free";q=3;w=60', ratelimit: '"free";r=2;t=20' });
    expect(decisions.limit).toBe('free');
  });

  it('refuses over the limit with the wait, the same fields and a count', async () => {
    admitted(3, tierOnly, { principal: caller('anna') });
    const { error, fields, decisions } = ask(tierOnly, { principal: caller('anna') });
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ reason: 'rate_limited', status: 429, options: { retryAfterMs: 20_000 } });
    expect(fields).toEqual({ 'ratelimit-policy': '"free";q=3;w=60', ratelimit: '"free";r=0;t=20' });
    expect(decisions.limit).toBe('free');
    expect(await registry.metrics()).toContain('gateway_throttled_total{tier="free",limit="free"} 1');
  });

  it('refuses the next request when it has said r=0', () => {
    let { error, fields } = ask(tierOnly, { principal: caller('anna') });
    while (!fields['ratelimit']?.includes(';r=0;'))
      ({ error, fields } = ask(tierOnly, { principal: caller('anna') }));
    expect(error).toBeUndefined();
    expect(ask(tierOnly, { principal: caller('anna') }).error).toBeDefined();
  });

  it('admits at Retry-After', async () => {
    admitted(3, tierOnly, { principal: caller('anna') });
    await clock.advance(ask(tierOnly, { principal: caller('anna') }).error!.options.retryAfterMs!);
    expect(ask(tierOnly, { principal: caller('anna') }).error).toBeUndefined();
  });

  it('counts tiers per subject, whatever credential and address the subject comes with', () => {
    expect(admitted(4, tierOnly, { principal: caller('anna') })).toBe(3);
    const byKey = caller('anna', 'free', { kind: 'apiKey', keyId: 'k1' });
    expect(admitted(1, tierOnly, { principal: byKey, clientAddress: '198.51.100.7' })).toBe(0);
    expect(admitted(9, tierOnly, { principal: caller('bob', 'paid') })).toBe(5);
    expect(admitted(9, tierOnly, { principal: caller('cleo', 'premium') })).toBe(6);
  });

  it('leaves enterprise alone and invents no number for it', () => {
    const answers = Array.from({ length: 1000 }, () =>
      ask(tierOnly, { principal: caller('eve', 'enterprise') }),
    );
    expect(
      answers.every(({ error, fields }) => error === undefined && Object.keys(fields).length === 0),
    ).toBe(true);
  });

  it('counts anonymous callers per address, IPv6 by /64', () => {
    expect(admitted(3, tierOnly)).toBe(2);
    expect(admitted(3, tierOnly, { clientAddress: '::ffff:192.0.2.1' })).toBe(0);
    expect(admitted(3, tierOnly, { clientAddress: '2001:db8::1' })).toBe(2);
    expect(admitted(3, tierOnly, { clientAddress: '2001:db8::2' })).toBe(0);
    expect(admitted(3, tierOnly, { clientAddress: '2001:db8:0:1::1' })).toBe(2);
  });

  it('is not moved by what a caller says of itself', () => {
    const spoofed = Array.from({ length: 50 }, (_, index) =>
      ask(tierOnly, {
        headers: {
          'x-forwarded-for': `203.0.113.${index}`,
          'x-user-tier': 'enterprise',
          'x-real-ip': '203.0.113.9',
        },
      }),
    );
    expect(spoofed.filter(({ error }) => error === undefined)).toHaveLength(2);
  });

  describe('limits of an endpoint', () => {
    const limit = (per: LimitPolicy['per'], more: Partial<LimitPolicy> = {}): LimitPolicy => ({
      name: 'own',
      per,
      limit: 2,
      windowMs: 1000,
      ...more,
    });
    const only = (...list: LimitPolicy[]) => policyOf({ list, withoutTier: true });

    it('count by client address whoever calls', () => {
      const policy = only(limit('client'));
      expect(admitted(2, policy, { principal: caller('anna') })).toBe(2);
      expect(admitted(1, policy, { principal: caller('bob') })).toBe(0);
      expect(admitted(1, policy, { principal: caller('bob'), clientAddress: '198.51.100.7' })).toBe(1);
    });

    it('count by subject, and by address who has none', () => {
      const policy = only(limit('subject'));
      expect(admitted(3, policy, { principal: caller('anna') })).toBe(2);
      expect(admitted(3, policy, { principal: caller('bob') })).toBe(2);
      expect(admitted(3, policy)).toBe(2);
      expect(admitted(3, policy, { clientAddress: '198.51.100.7' })).toBe(2);
    });

    it('never take an address for a subject', () => {
      const policy = only(limit('subject'));
      expect(admitted(3, policy, { principal: caller('192.0.2.1') })).toBe(2);
      expect(admitted(3, policy)).toBe(2);
    });

    it('count by API key, and by subject or address who has none', () => {
      const policy = only(limit('key'));
      const withKey = (keyId: string) => caller('anna', 'free', { kind: 'apiKey', keyId });
      expect(admitted(3, policy, { principal: withKey('k1') })).toBe(2);
      expect(admitted(3, policy, { principal: withKey('k2') })).toBe(2);
      expect(admitted(3, policy, { principal: caller('anna') })).toBe(2);
    });

    it('count a route as a whole, apart from other routes', () => {
      const [orders, products] = ['/orders', '/products'].map((route) =>
        policyOf({ list: [limit('route')], withoutTier: true }, route),
      );
      expect(admitted(2, orders!, { principal: caller('anna') })).toBe(2);
      expect(admitted(1, orders!, { principal: caller('bob'), clientAddress: '198.51.100.7' })).toBe(0);
      expect(admitted(3, products!)).toBe(2);
    });

    it('count in total over all routes that name it', () => {
      const policies = ['/orders', '/products'].map((route) =>
        policyOf({ list: [limit('total')], withoutTier: true }, route),
      );
      expect(policies.map((policy) => admitted(1, policy))).toEqual([1, 1]);
      expect(policies.map((policy) => admitted(1, policy))).toEqual([0, 0]);
    });

    it('count by what a function reads, and not at all where it reads nothing', () => {
      const username = ({ body }: StageRequest) => (body as { username?: string } | undefined)?.username;
      const policy = only(limit(username));
      expect(admitted(3, policy, { body: { username: 'anna' } })).toBe(2);
      expect(admitted(3, policy, { body: { username: 'bob' } })).toBe(2);
      expect(admitted(30, policy)).toBe(30);
    });

    it('hold together with the tier: a refused request takes nothing from either', async () => {
      const policy = policyOf({ list: [limit('client')], withoutTier: false });
      const principal = caller('anna');
      const { fields } = ask(policy, { principal });
      expect(fields['ratelimit']).toBe('"own";r=1;t=1, "free";r=2;t=20');
      expect(admitted(20, policy, { principal })).toBe(1);
      expect(ask(policy, { principal }).decisions.limit).toBe('own');
      await clock.advance(1000);
      expect(admitted(5, policy, { principal })).toBe(1);
      expect(ask(policy, { principal }).decisions.limit).toBe('free');
    });

    it('are none with off', () => {
      expect(admitted(100, policyOf('off'))).toBe(100);
    });

    it('are refused when two share a name', () => {
      expect(() => parts.planner.plan(only(limit('client'), limit('total')), 'free')).toThrow(
        'the same name',
      );
    });
  });

  it('sends the older fields too when switched on', () => {
    stage = new ThrottleStage({ ...parts, legacyFields: true });
    expect(ask(tierOnly).fields).toMatchObject({
      'X-RateLimit-Limit': '2',
      'X-RateLimit-Remaining': '1',
      'X-RateLimit-Reset': '30',
    });
  });

  it('waits for a store that answers later', async () => {
    const store = { take: (claims: never) => Promise.resolve(parts.store.take(claims)) } as never;
    stage = new ThrottleStage({ ...parts, store });
    const facet = testContext({ clock });
    const request = { headers: {}, facet } as unknown as StageRequest;
    const run = () => stage.run(request, { header: () => undefined }, tierOnly);
    await run();
    await run();
    await expect(run()).rejects.toMatchObject({ reason: 'rate_limited' });
  });

  it('does not start with a tier that cannot be counted', () => {
    expect(() => new ThrottlePlanner({ ...tiers, paid: perMinute(0) })).toThrow('limit tier:paid');
  });
});
