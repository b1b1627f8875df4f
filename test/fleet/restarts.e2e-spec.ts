import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { gatewayEnv } from '@facet/testing/gateway';
import { describeWithFleet } from './describe-with-fleet.ts';
import { Instance } from './instance.ts';
import { failures, Load, type LoadPlan, outcomes } from './load.ts';
import { getUser, postOrder } from './requests.ts';
import { until } from './until.ts';

const atLeast = 10_000;

describeWithFleet('instances that come and go behind HAProxy', {}, (fleet) => {
  const load = async (requests: LoadPlan['requests']) => {
    await fleet().untilWhole();
    const running = new Load({ urls: [fleet().haproxy.publicUrl], requests, clients: 32, count: 200_000 });
    await until(() => running.answered > 300);
    return running;
  };
  const enterprise = () => fleet().services.accessToken('enterprise');

  it('restarts one after the other without a failed request, and no write is made twice', async () => {
    const token = await enterprise();
    const writes = () => fleet().services.hits('orders', '/orders');
    const before = await writes();
    const running = await load([getUser(token), postOrder(token)]);
    for (const instance of fleet().instances) {
      expect(await instance.restart()).toBe(0);
      await until(async () => (await fleet().haproxy.up('mobile')).length === 3);
    }
    await until(() => running.answered >= atLeast, 60_000);
    const report = await running.report('now');
    expect([report.errors, failures(report)]).toEqual([{}, []]);
    expect(Object.keys(outcomes(report)).sort()).toEqual(['GET 200', 'POST 201']);
    expect((await writes()) - before).toBe(outcomes(report)['POST 201']);
  });

  it('loses no read when one is killed', async () => {
    const running = await load([getUser(await enterprise())]);
    const [victim] = fleet().instances as [Instance];
    await victim.end('SIGKILL');
    await until(async () => (await fleet().haproxy.up('mobile')).length === 2);
    const from = running.answered;
    await until(() => running.answered > from + 500);
    const report = await running.report('now');
    expect([report.errors, outcomes(report)]).toEqual([{}, { 'GET 200': report.samples.length }]);
    await victim.start();
  });

  describe('an instance that is told to leave', () => {
    it('says so to the balancer and to clients, ends what is under way, and exits with 0', async () => {
      const [leaving] = fleet().instances as [Instance];
      const token = await enterprise();
      const agent = new Agent({ keepAlive: true });
      const ask = () => answerOf(leaving.url, token, agent);
      try {
        expect((await ask()).headers.connection).toBe('keep-alive');
        await fleet().services.spoil('users', { latencyMs: 400 });
        const slow = ask();
        const exit = leaving.end('SIGTERM');
        await until(async () => (await leaving.health('ready')) === 503);
        expect(await leaving.health('live')).toBe(200);
        await fleet().services.spoil('users', undefined);
        const late = await ask();
        expect([late.statusCode, late.headers.connection]).toEqual([200, 'close']);
        expect([(await slow).statusCode, await exit]).toEqual([200, 0]);
      } finally {
        agent.destroy();
        await fleet().services.spoil('users', undefined);
      }
      await leaving.start();
    });

    it('goes at once when it is told twice', async () => {
      const [leaving] = fleet().instances as [Instance];
      await fleet().services.spoil('users', { latencyMs: 5000 });
      const agent = new Agent();
      const cut = answerOf(leaving.url, await enterprise(), agent).catch(({ code }) => code as string);
      try {
        await until(async () => (await leaving.metric('gateway_requests_in_flight')) > 0);
        const exit = leaving.end('SIGTERM');
        await until(async () => (await leaving.health('ready')) === 503);
        leaving.signal('SIGTERM');
        expect(await exit).toBe(1);
        expect(await cut).toBe('ECONNRESET');
      } finally {
        agent.destroy();
        await fleet().services.spoil('users', undefined);
      }
      await leaving.start();
    });
  });
});

it('an instance is alive and ready though no upstream answers', async () => {
  const names = ['auth', 'orders', 'payments', 'shipping', 'catalog', 'users'];
  const nobody = Object.fromEntries(names.map((name) => [name, 'http://127.0.0.1:1']));
  await using lonely = await Instance.start('gateway-mobile', gatewayEnv(nobody));
  expect([await lonely.health('ready'), await lonely.health('live')]).toEqual([200, 200]);
});

async function answerOf(url: string, token: string, agent: Agent): Promise<IncomingMessage> {
  const { path, headers } = getUser(token);
  const request = get(url + path, { headers, agent });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  await once(answer.resume(), 'end');
  return answer;
}
