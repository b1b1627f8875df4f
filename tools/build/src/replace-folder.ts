import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Fills a folder anew: `fill` gets an empty one beside it, and when it is done, its files take the place of the old ones.
 * When `fill` fails, the folder stays as it was.
 */
export async function replaceFolder(folder: string, fill: (fresh: string) => Promise<void>): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  const fresh = mkdtempSync(`${folder}.`);
  try {
    await fill(fresh);
    moveFiles(fresh, folder);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** File by file: a folder can't be renamed over a full one, and without it for a moment a starting app would fail. */
function moveFiles(from: string, into: string): void {
  mkdirSync(into, { recursive: true });
  const names = new Set(readdirSync(from));
  for (const name of names) renameSync(join(from, name), join(into, name));
  for (const name of readdirSync(into)) {
    if (!names.has(name)) rmSync(join(into, name), { recursive: true, force: true });
  }
}
