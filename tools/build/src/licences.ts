import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundledPackages, workspaceRoot } from './bundle.ts';

/** Puts the licence of each bundled package beside the bundle, as `LICENSE.<package>`: MIT and ISC ask for that. */
export function copyLicences(folder: string): void {
  for (const name of Object.keys(bundledPackages)) {
    const home = join(workspaceRoot, 'node_modules', name);
    const file = readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled and comes without a licence`);
    copyFileSync(join(home, file), join(folder, `LICENSE.${name}`));
  }
}
