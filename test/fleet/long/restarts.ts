import { Fleet } from '../fleet.ts';
import { failures, Load, type LoadRequest, outcomes } from '../load.ts';
import { getUser, postOrder } from '../requests.ts';
import { until } from '../until.ts';
import { type Finding } from './finding.ts';

const clients = 32;

/** Rolling restarts, then one kill -9 of each instance, all behind HAProxy and under load. */
export async function restarts(rounds: number, atLeast: number): Promise<Finding[]> {
  await using fleet = await Fleet.start();
  const token = await fleet.services.accessToken('enterprise');
  const mixed = [getUser(token), postOrder(token)];
  return [await rolling(fleet, mixed, rounds, atLeast), ...(await killing(fleet, mixed))];
}

async function rolling(
  fleet: Fleet,
  requests: readonly LoadRequest[],
  rounds: number,
  atLeast: number,
): Promise<Finding> {
  const load = startLoad(fleet, requests);
  await until(() => load.answered > 1000);
  for (let round = 0; round < rounds; round++) {
    for (const instance of fleet.instances) {
      await instance.restart();
      await until(async () => (await fleet.haproxy.up('mobile')).length === fleet.instances.length);
    }
  }
  await until(() => load.answered >= atLeast, 600_000);
  const report = await load.report('now');
  const failed = failures(report).length;
  return {
    what: `${rounds} rolling restarts of 3, ${report.samples.length} requests, half of them writes: failed`,
    figure: String(failed),
    mustBe: '0',
    holds: failed === 0 && report.samples.length >= atLeast,
  };
}

async function killing(fleet: Fleet, requests: readonly LoadRequest[]): Promise<Finding[]> {
  let [reads, writes, sent] = [0, 0, 0];
  for (const instance of fleet.instances) {
    await fleet.untilWhole();
    const load = startLoad(fleet, requests);
    await until(() => load.answered > 2000);
    await instance.end('SIGKILL');
    const from = load.answered;
    await until(() => load.answered > from + 3000);
    const report = await load.report('now');
    const failed = outcomes({ ...report, samples: failures(report) });
    for (const [outcome, count] of Object.entries(failed)) {
      if (outcome.startsWith('GET')) reads += count;
      else writes += count;
    }
    sent += report.samples.length;
    await instance.start();
  }
  const inFlight = clients * fleet.instances.length;
  return [
    {
      what: `kill -9 of each of 3, ${sent} requests: reads failed`,
      figure: String(reads),
      mustBe: '0',
      holds: reads === 0,
    },
    {
      what: 'kill -9 of each of 3: writes failed, at most those in flight on it',
      figure: String(writes),
      mustBe: `<= ${inFlight}`,
      holds: writes <= inFlight,
    },
  ];
}

function startLoad(fleet: Fleet, requests: readonly LoadRequest[]): Load {
  return new Load({ urls: [fleet.haproxy.publicUrl], requests, clients, count: 1_000_000, forMs: 600_000 });
}
