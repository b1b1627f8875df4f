/**
 * `npm run bench -- --fleet [--quick]`: what three instances promise, at length; the specs beside this folder are the
 * short version. Prints the figures and ends with 1 when one is not what it must be.
 */
import { exactness } from './exactness.ts';
import { type Finding, findingsTable } from './finding.ts';
import { redisAway } from './redis-away.ts';
import { restarts } from './restarts.ts';

const isQuick = process.argv.includes('--quick');
const parts = [
  () => redisAway(),
  () => exactness(isQuick ? 100 : 1000),
  () => (isQuick ? restarts(1, 10_000) : restarts(3, 100_000)),
];

const findings: Finding[] = [];
for (const part of parts) {
  const found = await part();
  process.stderr.write(`${findingsTable(found)}\n\n`);
  findings.push(...found);
}
process.stdout.write(`${findingsTable(findings)}\n`);
process.exitCode = findings.every(({ holds }) => holds) ? 0 : 1;
