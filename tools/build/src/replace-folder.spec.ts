import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { replaceFolder } from './replace-folder.ts';

let place: string;
let folder: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'facet-replace-'));
  folder = join(place, 'app');
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const hold = (files: Record<string, string>) => (into: string) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(into, name), text);
  return Promise.resolve();
};
const held = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

describe('replaceFolder', () => {
  it('makes the folder where there is none', async () => {
    await replaceFolder(folder, hold({ a: '1' }));
    expect(held()).toEqual({ a: '1' });
    expect(readdirSync(place)).toEqual(['app']);
  });

  it('keeps the old content until the new one is whole, and nothing of it afterwards', async () => {
    await replaceFolder(folder, hold({ a: '1', b: '1' }));
    mkdirSync(join(folder, 'node_modules'));
    await replaceFolder(folder, async (fresh) => {
      expect(existsSync(join(folder, 'node_modules'))).toBe(true);
      await hold({ a: '2', c: '2' })(fresh);
      expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('1');
    });
    expect(held()).toEqual({ a: '2', c: '2' });
    expect(readdirSync(place)).toEqual(['app']);
  });

  it('leaves the old content, and nothing beside it, when the new one fails', async () => {
    await replaceFolder(folder, hold({ a: '1' }));
    const failing = replaceFolder(folder, async (fresh) => {
      await hold({ a: '2' })(fresh);
      throw new Error('does not compile');
    });
    await expect(failing).rejects.toThrow('does not compile');
    expect(held()).toEqual({ a: '1' });
    expect(readdirSync(place)).toEqual(['app']);
  });

  it('makes no folder of a first one that fails', async () => {
    await expect(replaceFolder(folder, () => Promise.reject(new Error('no such app')))).rejects.toThrow();
    expect(readdirSync(place)).toEqual([]);
  });
});
