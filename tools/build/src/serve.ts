/**
 * Serves one app for development, `node tools/build/src/serve.ts gateway-mobile`: the app, started anew on every change,
 * and the dev stack behind it. Each `serve` brings a dev stack; they share one, and another takes over when it goes.
 */
import { join } from 'node:path';
import { context, type Plugin } from 'esbuild';
import { appBundle, workspaceRoot } from './bundle.ts';
import { ServedProcess } from './served-process.ts';

const [app] = process.argv.slice(2);
if (app === undefined) throw new Error('usage: serve.ts <app>');

const outfile = join(workspaceRoot, '.cache/serve', app, 'main.js');
const devStack = new ServedProcess(join(workspaceRoot, 'tools/upstreams/src/main.ts'), process.env);
await devStack.restart();
const served = new ServedProcess(outfile, { NODE_ENV: 'development', ...process.env });

/** A build that fails leaves the last good one running: its faults are on the screen already. */
const restartAfterBuild: Plugin = {
  name: 'restart-after-build',
  setup(build) {
    build.onEnd(async (result) => {
      if (result.errors.length === 0) await served.restart();
    });
  },
};

const options = appBundle(app, outfile);
const watcher = await context({ ...options, plugins: [...(options.plugins ?? []), restartAfterBuild] });
await watcher.watch({ delay: 0 });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    void Promise.all([watcher.dispose(), served.stop(), devStack.stop()]).then(() => process.exit(0));
  });
}
