/**
 * `npm run bench [-- --quick] [-- --only=text] [-- --pause=seconds] [-- --write] [-- --profile] [-- --micro]`: what a
 * request costs, side by side, in one run; with `--fleet` instead: what three instances promise when things fail; with
 * `--faults` instead: how soon and how well one gateway gets over each fault.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { gatewayContenders } from './contenders/gateway.ts';
import { nativeContenders } from './contenders/native.ts';
import { scriptContenders } from './contenders/scripts.ts';
import { benchFleet } from './fleet.ts';
import { showFaults } from './faults/faults.ts';
import { measure } from './measure.ts';
import { micro } from './micro.ts';
import { profile } from './profile/profile.ts';
import { conditions, table } from './report.ts';
import { type Surroundings } from './contender.ts';
import { type Peer } from './processes/peer.ts';
import { keepOffServerCore } from './processes/pinned.ts';
import { startSurroundings } from './surroundings.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    micro: { type: 'boolean', default: false },
    pause: { type: 'string', default: '0' },
    faults: { type: 'boolean', default: false },
    fleet: { type: 'boolean', default: false },
  },
});
if (options.micro) {
  await micro(options.only);
  process.exit();
}
if (options.faults) process.exit((await showFaults(options.only)) ? 0 : 1);

const pauseSeconds = Number(options.pause);
const effort = {
  // V8's compiler still takes 15 to 30 µs a request after 10,000 of them, and 3 to 8 after 40,000.
  ...(options.quick
    ? { rounds: 3, turns: 3, warmUp: { requests: 40_000, seconds: 2.5 } }
    : { rounds: 7, turns: 8, warmUp: { requests: 48_000, seconds: 60 } }),
  // After a pause one turn is all there is to see: the next one finds it warm again.
  ...(pauseSeconds > 0 ? { turns: 1 } : {}),
  turnMs: 300,
  connections: 32,
  pauseSeconds,
};

const wanted = [...gatewayContenders, ...scriptContenders, ...nativeContenders].filter(
  ({ name }) => options.only === undefined || options.only.split(',').some((part) => name.includes(part)),
);
const able = wanted.filter((contender) => {
  const reason = contender.missing?.();
  if (reason !== undefined) console.error(`left out: ${contender.name}: ${reason}`);
  return reason === undefined;
});

if (options.fleet) process.exitCode = await benchFleet(options.quick);
else await sideBySide();

async function sideBySide(): Promise<void> {
  keepOffServerCore();
  const { surroundings, peer, stop } = await startSurroundings();
  try {
    if (options.profile) for (const contender of able) await profile(contender, surroundings, peer);
    else await compare(surroundings, peer);
  } finally {
    await stop();
  }
}

async function compare(surroundings: Surroundings, peer: Peer): Promise<void> {
  const figures = await measure(able, surroundings, peer, effort);
  const report = `${table(figures)}\n\n${conditions()}\n`;
  console.log(`\n${report}`);
  if (options.write) await writeReport(report);
  process.exitCode = figures.some(({ wrong }) => wrong !== undefined) ? 1 : 0;
}

/** Replaces what stands between the two marks of the document. */
async function writeReport(report: string): Promise<void> {
  const file = join(import.meta.dirname, '../../../docs/benchmarks.md');
  const [before, rest] = readFileSync(file, 'utf8').split('<!-- figures -->\n');
  const after = rest?.split('<!-- /figures -->')[1] ?? '';
  const text = `${before}<!-- figures -->\n\n${report}\n<!-- /figures -->${after}`;
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
