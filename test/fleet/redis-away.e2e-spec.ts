import { expect, it } from '@jest/globals';
import { describeWithFleet } from './describe-with-fleet.ts';
import { type Fleet } from './fleet.ts';
import { failures, Load, type LoadReport, type LoadRequest, outcomes, runLoad } from './load.ts';
import { getUser, postCharge, postLogin, postOrder } from './requests.ts';
import { until } from './until.ts';

const backWithinMs = 2000;

describeWithFleet('a fleet whose Redis fails', {}, (fleet) => {
  /** Reads and writes go on, straight to the instances, while Redis fails and after. */
  async function underLoad(
    during: (moreAnswers: (count: number) => Promise<unknown>) => Promise<void>,
  ): Promise<LoadReport> {
    await fleet().untilWhole();
    const token = await fleet().services.accessToken('enterprise');
    const requests = [getUser(token), postOrder(token)];
    const load = new Load({ urls: fleet().urls, requests, clients: 24, count: 50_000 });
    const moreAnswers = (count: number) => {
      const from = load.answered;
      return until(() => load.answered >= from + count);
    };
    await moreAnswers(300);
    await during(moreAnswers);
    await moreAnswers(300);
    return load.report('now');
  }

  function expectNoFailure(report: LoadReport): void {
    expect(report.errors).toEqual({});
    expect(failures(report)).toEqual([]);
    expect(Object.keys(outcomes(report)).sort()).toEqual(['GET 200', 'POST 201']);
  }

  const faults: Record<string, { begin: (fleet: Fleet) => unknown; end: (fleet: Fleet) => unknown }> = {
    killed: { begin: ({ redis }) => redis.kill(), end: ({ redis }) => redis.start() },
    stopped: { begin: ({ redis }) => redis.pause(), end: ({ redis }) => redis.resume() },
  };

  it.each(Object.entries(faults))(
    'serves on while it is %s, and shares again within 2 s',
    async (_, fault) => {
      let backMs = Number.POSITIVE_INFINITY;
      const report = await underLoad(async (moreAnswers) => {
        await fault.begin(fleet());
        await fleet().untilSharing(false);
        await moreAnswers(300);
        await fault.end(fleet());
        backMs = await fleet().untilSharing(true);
      });
      expectNoFailure(report);
      expect(backMs).toBeLessThan(backWithinMs);
    },
  );

  it.each(['FLUSHALL', 'SCRIPT FLUSH'])('does not even notice %s', async (command) => {
    const refused = async () =>
      (await Promise.all(fleet().instances.map((each) => each.metric('gateway_throttled_total')))).join();
    const before = await refused();
    const report = await underLoad(async (moreAnswers) => {
      await fleet().withRedis((redis) => redis.call(...(command.split(' ') as [string, string])));
      await moreAnswers(300);
      expect(await fleet().untilSharing(true)).toBeLessThan(1000);
    });
    expectNoFailure(report);
    expect(await refused()).toBe(before);
  });

  it('takes no logins and no charges that nobody can count, and takes them again when it is back', async () => {
    const login = postLogin('premium');
    const charge = postCharge('fk_dev_enterprise_0000000000000004');
    const ask = async (request: LoadRequest) => {
      const report = await runLoad({ urls: fleet().urls, requests: [request], clients: 3, count: 3 });
      return outcomes(report);
    };
    await fleet().untilWhole();
    expect(await ask(login)).toEqual({ 'POST 200': 3 });
    expect(await ask(charge)).toEqual({ 'POST 201': 3 });
    await fleet().redis.kill();
    await fleet().untilSharing(false);
    expect(await ask(login)).toEqual({ 'POST 429': 3 });
    expect(await ask(charge)).toEqual({ 'POST 429': 3 });
    await fleet().redis.start();
    await fleet().untilSharing(true);
    expect(await ask(login)).toEqual({ 'POST 200': 3 });
    expect(await ask(charge)).toEqual({ 'POST 201': 3 });
  });
});
