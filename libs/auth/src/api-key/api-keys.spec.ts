import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { type ApiKeyEntry } from '@facet/config';
import { GatewayLog, type LogEventLevel, type LogFields } from '@facet/management';
import { FakeClock } from '@facet/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ApiKeys } from './api-keys.ts';

class KeptLog extends GatewayLog {
  readonly lines: { level: LogEventLevel; event: string; fields: LogFields | undefined }[] = [];
  override write(level: LogEventLevel, event: string, fields?: LogFields): void {
    this.lines.push({ level, event, fields });
  }
}

const folder = mkdtempSync(join(tmpdir(), 'facet-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const entry = (key: string, id = key): ApiKeyEntry => ({
  id,
  sha256: hash('sha256', key),
  subject: `subject of ${id}`,
  tier: 'paid',
  scopes: ['payments:write'],
});

function setUp(entries: readonly ApiKeyEntry[]) {
  const clock = new FakeClock();
  const log = new KeptLog();
  const file = join(folder, `${++files}.json`);
  const write = (content: unknown): void =>
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  write(entries);
  const keys = new ApiKeys({ file, entries }, clock, log);
  keys.onModuleInit();
  return { clock, log, file, write, keys };
}

describe('ApiKeys', () => {
  it('drops a revoked key and takes a new one within 5 s', async () => {
    const { clock, keys, write } = setUp([entry('key-one-0123456789'), entry('key-two-0123456789')]);
    write([entry('key-two-0123456789'), entry('key-new-0123456789')]);
    expect(keys.ring.find('key-one-0123456789')).toBeDefined();
    await clock.advance(5_000);
    expect(keys.ring.find('key-one-0123456789')).toBeUndefined();
    expect(keys.ring.find('key-two-0123456789')?.principal.subject).toBe('subject of key-two-0123456789');
    expect(keys.ring.find('key-new-0123456789')).toBeDefined();
  });

  it('sees a file that was moved into its place', async () => {
    const { clock, keys, file } = setUp([entry('key-one-0123456789')]);
    writeFileSync(`${file}.new`, '[]');
    renameSync(`${file}.new`, file);
    await clock.advance(5_000);
    expect(keys.ring.size).toBe(0);
  });

  it.each([
    ['is no JSON', '[{'],
    ['is empty', ''],
    ['lacks a member', [{ id: 'a' }]],
    ['has a key in clear', [{ ...entry('key-one-0123456789'), secret: 'canary' }]],
    ['has one id twice', [entry('key-one-0123456789', 'a'), entry('key-two-0123456789', 'a')]],
  ])('keeps the last good keys when the file %s, and says so once', async (_, content) => {
    const { clock, keys, write, log } = setUp([entry('key-one-0123456789')]);
    await clock.advance(5_000);
    log.lines.length = 0;
    write(content);
    await clock.advance(20_000);
    expect(keys.ring.find('key-one-0123456789')).toBeDefined();
    expect(keys.isFileGood).toBe(false);
    expect(log.lines).toMatchObject([
      { level: 'error', event: expect.stringContaining('the last keys stay') },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain('canary');
  });

  it('keeps them when the file is gone, and goes on when it is back', async () => {
    const { clock, keys, write, file } = setUp([entry('key-one-0123456789')]);
    rmSync(file);
    await clock.advance(5_000);
    expect(keys.ring.size).toBe(1);
    write([]);
    await clock.advance(5_000);
    expect([keys.ring.size, keys.isFileGood]).toEqual([0, true]);
  });

  it('watches nothing without a file, and stops at the end', async () => {
    const clock = new FakeClock();
    new ApiKeys({ entries: [] }, clock, undefined).onModuleInit();
    expect(clock.pendingTimers).toBe(0);
    const watched = setUp([]);
    await watched.clock.advance(10_000);
    watched.keys.onModuleDestroy();
    expect(watched.clock.pendingTimers).toBe(0);
  });
});
