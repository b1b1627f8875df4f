import { Fleet } from '../fleet.ts';
import { failures, latencyMs, Load } from '../load.ts';
import { getUser } from '../requests.ts';
import { until } from '../until.ts';
import { type Finding, ms } from './finding.ts';

const faults: Record<string, { begin: (fleet: Fleet) => unknown; end: (fleet: Fleet) => unknown }> = {
  killed: { begin: ({ redis }) => redis.kill(), end: ({ redis }) => redis.start() },
  stopped: { begin: ({ redis }) => redis.pause(), end: ({ redis }) => redis.resume() },
};
const maxAddedMs = 60;
const maxBackMs = 2000;

/** Reads at about half of what the machine can do, while Redis goes and comes back. */
export async function redisAway(): Promise<Finding[]> {
  await using fleet = await Fleet.start();
  const findings: Finding[] = [];
  for (const name of Object.keys(faults)) findings.push(...(await through(fleet, name)));
  return findings;
}

async function through(fleet: Fleet, name: string): Promise<Finding[]> {
  await fleet.untilWhole();
  const requests = [getUser(await fleet.services.accessToken('enterprise'))];
  const load = new Load({ urls: fleet.urls, requests, clients: 24, pauseMs: 60, count: 1_000_000 });
  const answers = async (count: number) => {
    const from = load.answered;
    await until(() => load.answered >= from + count, 60_000);
  };
  await answers(500);
  const soundMs = Date.now();
  await answers(2000);
  const goneMs = Date.now();
  await faults[name]?.begin(fleet);
  await answers(2000);
  await faults[name]?.end(fleet);
  const backMs = await fleet.untilSharing(true);
  await answers(500);
  const report = await load.report('now');
  const usual = latencyMs(report, 0.99, soundMs, goneMs);
  const added = (fromMs: number, toMs?: number) => latencyMs(report, 0.99, fromMs, toMs) - usual;
  const [atFirst, afterwards] = [added(goneMs, goneMs + 1000), added(goneMs + 1000)];
  const failed = failures(report).length;
  return [
    finding(name, `failed of ${report.samples.length}`, String(failed), '0', failed === 0),
    finding(
      name,
      `p99 ${ms(usual)}, in the first second added`,
      ms(atFirst),
      `<= ${maxAddedMs} ms`,
      atFirst <= maxAddedMs,
    ),
    finding(name, 'p99 added after that', ms(afterwards), 'about 0', afterwards <= maxAddedMs / 4),
    finding(name, 'shared again after its return', ms(backMs), `<= ${maxBackMs} ms`, backMs <= maxBackMs),
  ];
}

function finding(name: string, what: string, figure: string, mustBe: string, holds: boolean): Finding {
  return { what: `Redis ${name}: ${what}`, figure, mustBe, holds };
}
