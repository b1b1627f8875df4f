import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions, workspaceRoot } from '@facet/tools-build/bundle';

/** Compiles the stock gateway (it has decorators) and answers the file to run. */
export async function buildStock(): Promise<string> {
  const outfile = join(workspaceRoot, '.cache/bench/stock.js');
  await build(bundleOptions(join(import.meta.dirname, 'main.ts'), outfile));
  return outfile;
}
