/** Builds one app for production: `node tools/build/src/build.ts gateway-mobile` fills `dist/apps/gateway-mobile`. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { appBundle, workspaceRoot } from './bundle.ts';
import { copyLicences } from './licences.ts';
import { prunedLockfile } from './lockfile.ts';
import { importedPackages, prunedManifest } from './packages.ts';
import { replaceFolder } from './replace-folder.ts';

const [app] = process.argv.slice(2);
if (app === undefined) throw new Error('usage: build.ts <app>');

await replaceFolder(join(workspaceRoot, 'dist/apps', app), async (folder) => {
  const { metafile } = await build({ ...appBundle(app, join(folder, 'gateway.js')), metafile: true });
  copyFileSync(join(import.meta.dirname, 'launcher.mjs'), join(folder, 'main.js'));
  copyLicences(folder);
  const manifest = prunedManifest(app, importedPackages(metafile));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, 'package-lock.json'), prunedLockfile(manifest));
  // What went in, for the test that no app carries another's code.
  writeFileSync(
    join(folder, 'inputs.json'),
    `${JSON.stringify(Object.keys(metafile.inputs).sort(), null, 2)}\n`,
  );
  execFileSync(process.execPath, ['--check', join(folder, 'gateway.js')], { stdio: 'inherit' });
});
console.log(`built dist/apps/${app}`);
