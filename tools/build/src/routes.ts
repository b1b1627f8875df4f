/**
 * Prints the declared routes of one app in the order in which they are tried: `node tools/build/src/routes.ts gateway-web`.
 * The app itself says it: it is started on free ports with the environment given, asked on its management port, and ended.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { appBundle, workspaceRoot } from './bundle.ts';

const [app] = process.argv.slice(2);
if (app === undefined) throw new Error('usage: routes.ts <app>');

const outfile = join(workspaceRoot, '.cache/routes', app, 'main.js');
await build(appBundle(app, outfile));
const child = spawn(process.execPath, [outfile], {
  env: { NODE_ENV: 'development', ...process.env, PORT: '0', MANAGEMENT_PORT: '0', LOG_LEVEL: 'info' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(child, 'exit');
for await (const line of createInterface({ input: child.stdout })) {
  const managementUrl = readyAt(line);
  if (managementUrl === undefined) continue;
  const answer = await fetch(`${managementUrl}/routes`);
  console.log(
    answer.ok ? await answer.text() : 'no declared routes: set ROUTES_FILE, or declare some in the app',
  );
  child.kill('SIGTERM');
}
const [code] = (await ended) as [number | null];
process.exitCode = code ?? 1;

function readyAt(line: string): string | undefined {
  return line.includes('"managementUrl"')
    ? (JSON.parse(line) as { managementUrl: string }).managementUrl
    : undefined;
}
