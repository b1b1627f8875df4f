import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const script = join(import.meta.dirname, '../../../test/fleet/long/main.ts');

/** What three instances promise when things fail, at length: run by the harness of `test/fleet`. Answers its exit code. */
export async function benchFleet(isQuick: boolean): Promise<number> {
  const child = spawn(process.execPath, [script, ...(isQuick ? ['--quick'] : [])], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
