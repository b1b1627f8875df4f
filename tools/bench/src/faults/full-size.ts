import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Figure } from './figure.ts';

const root = join(import.meta.dirname, '../../../..');

/** A test of `test/chaos`, run with the numbers of its fault instead of those that fit `npm test`. */
function figure(name: string, goal: string, file: string): Figure {
  return {
    name,
    goal,
    measure: async () => {
      const startedAtMs = performance.now();
      const child = spawn(
        process.execPath,
        ['--experimental-vm-modules', join(root, 'node_modules/jest/bin/jest.js'), `test/chaos/${file}`],
        { cwd: root, env: { ...process.env, FULL_SIZE: '1' }, stdio: ['ignore', 'ignore', 'pipe'] },
      );
      let output = '';
      child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
      if (code !== 0) process.stderr.write(output);
      return { seen: code === 0 ? `so, in ${seconds} s` : 'not so: see above', holds: code === 0 };
    },
  };
}

export const fullSizeFigures: readonly Figure[] = [
  figure(
    'wrong lengths, extra bytes: mismatched answers of 100,000 interleaved ones',
    '0',
    'wrong-length.e2e-spec.ts',
  ),
  figure(
    'breaks off mid-body: clients that see it, of 1,000 on a plain and 1,000 on a cached route',
    'all',
    'breaks-off-mid-body.e2e-spec.ts',
  ),
  figure(
    'request bombs: cost of the dearest kind per byte sent, against an ordinary request',
    '< 100 x',
    'request-bombs.e2e-spec.ts',
  ),
];
