import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, type Surroundings } from '../contender.ts';
import { type Peer } from '../processes/peer.ts';
import { type CpuProfile, frameTree, hottest } from './cpu-profile.ts';
import { flameGraph } from './flame-graph.ts';

const folder = join(import.meta.dirname, '../../../../.cache/bench/profile');
const effort = { connections: 32, requests: 60_000 };

/**
 * Runs one contender under load with V8's sampling profiler, prints where its own time goes and writes a flame graph.
 * Sampling costs time itself: take shares from it, never figures.
 */
export async function profile(contender: Contender, surroundings: Surroundings, peer: Peer): Promise<void> {
  const runFolder = join(folder, String(Date.now()));
  mkdirSync(runFolder, { recursive: true });
  process.env['NODE_OPTIONS'] = `--cpu-prof --cpu-prof-interval=200 --cpu-prof-dir=${runFolder}`;
  const running = await contender.start(surroundings);
  delete process.env['NODE_OPTIONS'];
  const { port, path, headers } = running.probe;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { ...headers, 'accept-encoding': 'identity' },
  });
  const result = await peer.load(running.probe, await answer.text(), effort);
  await running.stop();
  const [file] = readdirSync(runFolder).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the process wrote no profile');
  const tree = frameTree(JSON.parse(readFileSync(join(runFolder, file), 'utf8')) as CpuProfile);
  const svg = join(runFolder, 'flame-graph.svg');
  writeFileSync(svg, flameGraph(tree));
  console.log(`${contender.name}: ${result.answered} answers, ${result.wrong} wrong\n`);
  for (const { name, place, self } of hottest(tree).slice(0, 60)) {
    console.log(`${((self / tree.total) * 100).toFixed(1).padStart(5)} %  ${name}  ${place}`);
  }
  console.log(`\n${svg}`);
}
