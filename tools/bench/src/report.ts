import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { type Figures } from './measure.ts';
import { pinned } from './processes/pinned.ts';
import { median, pairwiseRatio } from './statistics.ts';

const root = join(import.meta.dirname, '../../..');

/** The contender that all ratios refer to. */
export const yardstick = 'bare @fastify/http-proxy';

const fullChain = 'gateway-mobile, full chain';
const compared = [
  ['gateway-mobile, full chain, limits in Redis', fullChain, 'limits in Redis, of limits in memory'],
  ['stock', fullChain, 'stock, of the full chain'],
] as const;

/** A Markdown table of all figures; a contender with a wrong answer gets its fault instead of a number. */
export function table(all: readonly Figures[]): string {
  const base = all.find(({ contender }) => contender.name === yardstick);
  const rows = all.map((figures) => {
    const { contender, wrong } = figures;
    if (wrong !== undefined)
      return `| ${contender.name} | ${contender.work} | wrong answers: no figure (${oneLine(wrong)}) | | | | |`;
    const ratio =
      base?.wrong === undefined && base ? pairwiseRatio(figures.cpuUs, base.cpuUs).toFixed(2) : '';
    const spread = `${Math.min(...figures.cpuUs).toFixed(0)}-${Math.max(...figures.cpuUs).toFixed(0)}`;
    return `| ${contender.name} | ${contender.work} | ${median(figures.cpuUs).toFixed(0)} | ${spread} | ${ratio} | ${median(figures.p99Ms).toFixed(1)} | ${figures.residentMiB.toFixed(0)} |`;
  });
  return [
    '| contender | work per request | CPU µs, median | spread | × bare proxy | p99 ms, saturated | RSS MiB |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    ...ratios(all),
  ].join('\n');
}

/** Ratios that are asked for beside those to the yardstick, pair by pair like them. */
function ratios(all: readonly Figures[]): string[] {
  const lines = compared.flatMap(([name, baseName, text]) => {
    const [one, base] = [name, baseName].map((each) =>
      all.find(({ contender, wrong }) => contender.name === each && wrong === undefined),
    );
    return one && base ? [`${text}: ${pairwiseRatio(one.cpuUs, base.cpuUs).toFixed(2)} ×`] : [];
  });
  return lines.length === 0 ? [] : ['', `${lines.join('; ')}.`];
}

/** Machine and versions, in one paragraph: a figure without them says nothing. */
export function conditions(): string {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string } | undefined>;
  };
  const version = (name: string): string =>
    `${name} ${lock.packages[`node_modules/${name}`]?.version ?? '?'}`;
  const packages = [
    '@nestjs/core',
    'fastify',
    'undici',
    '@fastify/http-proxy',
    'axios',
    'opossum',
    '@nestjs/throttler',
  ];
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  return (
    `Node ${process.versions.node}, ${packages.map(version).join(', ')}; commit ${commit}; ` +
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, Linux ${release()}; ` +
    `${pinned ? 'server pinned to one core, load and upstream to another' : 'NOT pinned: taskset is missing'}.`
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
}
