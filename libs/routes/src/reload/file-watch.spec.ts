import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@facet/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileWatch } from './file-watch.ts';

const pollMs = 2_000;
let directory: string;
let file: string;
let clock: FakeClock;
let seen: (string | undefined)[];
let watch: FileWatch;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'facet-watch-'));
  file = join(directory, 'routes.yaml');
  writeFileSync(file, 'one');
  clock = new FakeClock();
  seen = [];
  watch = new FileWatch(file, 'one', clock, (text) => seen.push(text));
});
afterEach(() => {
  watch.close();
  rmSync(directory, { recursive: true });
});

describe('FileWatch', () => {
  it('sees changes by looking, where the system does not tell', async () => {
    await clock.advance(pollMs);
    expect(seen).toEqual([]);
    writeFileSync(file, 'two');
    await clock.advance(pollMs);
    await clock.advance(pollMs);
    expect(seen).toEqual(['two']);
  });

  it('tells when the file is gone, and when it is back', async () => {
    unlinkSync(file);
    await clock.advance(pollMs);
    writeFileSync(file, 'one');
    await clock.advance(pollMs);
    expect(seen).toEqual([undefined, 'one']);
  });

  it('follows a link that leads elsewhere, as config maps are updated', async () => {
    writeFileSync(join(directory, 'v2'), 'two');
    unlinkSync(file);
    symlinkSync('v2', file);
    await clock.advance(pollMs);
    expect(seen).toEqual(['two']);
  });

  it('leaves no timer behind', () => {
    watch.close();
    expect(clock.pendingTimers).toBe(0);
  });
});
