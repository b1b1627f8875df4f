import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { bundleOptions } from '@facet/tools-build/bundle';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/** Runs the micro-benchmarks that lie beside hot files (`*.bench.ts`), one after the other, bundled as an app would be. */
export async function micro(only: string | undefined): Promise<void> {
  const files = globSync('{apps,libs}/**/src/**/*.bench.ts', { cwd: root }).sort();
  const wanted = files.filter(
    (file) => only === undefined || only.split(',').some((part) => file.includes(part)),
  );
  for (const file of wanted) {
    const bundle = join(root, '.cache/bench/micro', `${file.replaceAll(/[/.]/g, '-')}.mjs`);
    await build(bundleOptions(join(root, file), bundle));
    console.log(`\n${file}`);
    const { status } = spawnSync(process.execPath, ['--expose-gc', bundle], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}
