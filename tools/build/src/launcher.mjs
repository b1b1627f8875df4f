/**
 * `main.js` of a built gateway. Starts `gateway.js` right here when this Node can run it; otherwise with the Node that
 * `npm ci` installed beside it (the optional dependency `node`), passing signals on and ending with its exit code.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 24 || (major === 24 && minor >= 9)) await import('./gateway.js');
else runWithOwnNode();

// Started by an older Node below: the channel closes when that one is killed, and this one must not outlive it.
process.once('disconnect', () => process.exit(1));

function runWithOwnNode() {
  const node = fileURLToPath(new URL('node_modules/node/bin/node', import.meta.url));
  if (!existsSync(node)) {
    console.error(
      `this gateway needs Node >= 24.9 (this is ${process.version}), or \`npm ci\` without --omit=optional`,
    );
    process.exit(1);
  }
  const child = spawn(node, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}
