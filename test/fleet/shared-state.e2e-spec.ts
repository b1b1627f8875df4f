import { describe, expect, it } from '@jest/globals';
import { Admissions } from './admissions.ts';
import { describeWithFleet } from './describe-with-fleet.ts';
import { type Instance } from './instance.ts';
import { failures, type LoadRequest, outcomes, runLoad } from './load.ts';
import { getProducts, getUser, postCharge, postLogout } from './requests.ts';
import { type User } from './services.ts';
import { until } from './until.ts';

const clients = 50;
const allTiers = { anonymous: 60, free: 100, paid: 1000, premium: 10_000 };
/** The shipped numbers, but for a premium bucket that can be emptied in seconds. */
const premiumBurst = 1000;
const options = {
  tiers: `premium: { rate: 10000/m, burst: ${premiumBurst} }\nenterprise: { rate: 900000000/h }\n`,
};

describeWithFleet('what three instances share on one Redis', options, (fleet) => {
  const token = (user: User) => fleet().services.accessToken(user);

  it('charges what an instance admitted alone to the shared bucket when its link to Redis is back', async () => {
    const { instances, link } = fleet();
    const [alone, other] = instances as [Instance, Instance, Instance];
    const burst = allTiers.free;
    const perSecond = burst / 60;
    const known = getUser(await token('enterprise'));
    const limited = getUser(await token('free'));
    const ask = async (urls: string[], request: LoadRequest, count: number) => {
      const report = await runLoad({ urls, requests: [request], clients: 30, count });
      expect(failures(report)).toEqual([]);
      return outcomes(report)['GET 200'] ?? 0;
    };

    link.cut();
    expect(await ask([alone.url], known, 60)).toBe(60);
    await until(async () => !(await alone.sharesStore()));
    const startedMs = performance.now();
    const share = await ask([alone.url], limited, 120);
    expect(share).toBeGreaterThanOrEqual(Math.floor(burst / 3));
    expect(share).toBeLessThanOrEqual(
      burst / 3 + ((performance.now() - startedMs) / 1000) * (perSecond / 3) + 1,
    );
    expect(await ask([other.url], known, 30)).toBe(30);

    link.mend();
    await until(() => alone.sharesStore());
    const debtPaid = await ask([alone.url], limited, 1);
    const rest = await ask(fleet().urls, limited, 300);
    const seconds = (performance.now() - startedMs) / 1000;
    expect(share + debtPaid + rest).toBeGreaterThanOrEqual(burst);
    expect(share + debtPaid + rest).toBeLessThanOrEqual(burst + seconds * perSecond);
  });

  it.each(Object.entries(allTiers))(
    'admits exactly what one bucket of %s allows',
    async (name, perMinute) => {
      const tier = { name, perMinute, burst: name === 'premium' ? premiumBurst : perMinute };
      const isAnonymous = name === 'anonymous';
      const caller = isAnonymous ? '\x00127.0.0.1' : `usr_${name}`;
      const request = isAnonymous ? getProducts : getUser(await token(name as User));
      const admissions = new Admissions(fleet(), tier, caller);

      const send = (count: number) => runLoad({ urls: fleet().urls, requests: [request], clients, count });
      const warmUp = Math.round(tier.burst * (0.5 + Math.random() * 0.3));
      const count = tier.burst + clients * 4;
      const { warm, first, report, last } = await decidedTogether(async () => {
        await fleet().withRedis((redis) => redis.flushall());
        const warm = outcomes(await send(warmUp));
        const first = await admissions.bucket();
        const report = await send(count);
        return { warm, first, report, last: await admissions.bucket() };
      });

      expect(warm).toEqual({ 'GET 200': warmUp });
      const { 'GET 200': admitted = 0, 'GET 429': refused = 0 } = outcomes(report);
      expect(admitted + refused).toBe(count);
      expect(admitted).toBe(admissions.between(first, last));
      // Nobody gets more, and nobody less than callers who pause for a tenth of a second where the machine does.
      const allowed = admissions.allowed(first, last);
      expect(admitted).toBeLessThanOrEqual(allowed);
      expect(admitted).toBeGreaterThanOrEqual(allowed - Math.ceil(perMinute / 600));
    },
  );

  /** Where the machine stands still for longer than a command may take, an instance decides alone: then once more. */
  async function decidedTogether<T>(run: () => Promise<T>): Promise<T> {
    const decidedAlone = async () =>
      (await Promise.all(fleet().instances.map((each) => each.decidedAlone()))).join();
    for (let attempt = 1; ; attempt++) {
      const before = await decidedAlone();
      const result = await run();
      if (attempt === 5 || (await decidedAlone()) === before) return result;
    }
  }

  describe('revocations', () => {
    const withinMs = 5000;
    const statuses = async (request: LoadRequest) =>
      outcomes(await runLoad({ urls: fleet().urls, requests: [request], clients: 3, count: 3 }));

    it('end a session that logs out at one, at all', async () => {
      const { accessToken, refreshToken } = await fleet().services.tokens('enterprise');
      const other = getUser(await token('enterprise'));
      expect(await statuses(getUser(accessToken))).toEqual({ 'GET 200': 3 });
      const [here] = fleet().instances as [Instance];
      const logout = postLogout(accessToken, refreshToken);
      expect(outcomes(await runLoad({ urls: [here.url], requests: [logout], clients: 1, count: 1 }))).toEqual(
        {
          'POST 204': 1,
        },
      );
      await until(async () => (await statuses(getUser(accessToken)))['GET 401'] === 3, withinMs);
      expect(await statuses(other)).toEqual({ 'GET 200': 3 });
    });

    it('take a key from all that is named to one', async () => {
      const charge = postCharge('fk_dev_premium_0000000000000003');
      expect(await statuses(charge)).toEqual({ 'POST 201': 3 });
      const [, here] = fleet().instances as [Instance, Instance];
      const answer = await fetch(`${here.managementUrl}/revocations`, {
        method: 'POST',
        body: JSON.stringify({ kind: 'key', id: 'dev-premium' }),
      });
      expect(answer.status).toBe(202);
      await until(async () => (await statuses(charge))['POST 401'] === 3, withinMs);
    });
  });
});
