import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { isoTime } from './iso-time.ts';
import { JsonLog } from './json-log.ts';
import { jsonText } from './safe-text.ts';

const canary = 'canary-2f7c';

function logged(
  write: (log: JsonLog) => void,
  level: 'debug' | 'info' | 'error' | 'silent' = 'info',
): string[] {
  const lines: string[] = [];
  const sink = { dropped: 0, write: (line: Buffer) => void lines.push(line.toString().trimEnd()) };
  write(new JsonLog(sink, new FakeClock(), { gateway: 'gateway-web', level }));
  return lines;
}

describe('JsonLog', () => {
  it('writes what is on the list', () => {
    const [line = ''] = logged((log) =>
      log.warn('upstream down', { upstream: 'orders', count: 3, durationMs: 1.5 }),
    );
    expect(JSON.parse(line)).toEqual({
      time: '2026-01-01T00:00:00.000Z',
      level: 'warn',
      msg: 'upstream down',
      gateway: 'gateway-web',
      upstream: 'orders',
      count: 3,
      durationMs: 1.5,
    });
  });

  it('writes nothing that is not', () => {
    const hostile = {
      name: 'x',
      authorization: canary,
      headers: { cookie: canary },
      url: { href: canary },
    } as never;
    expect(logged((log) => log.info('event', hostile)).join()).not.toContain(canary);
  });

  it('keeps to its level', () => {
    const all = (log: JsonLog): void => {
      log.debug('a');
      log.info('b');
      log.error('c');
    };
    expect(logged(all, 'debug')).toHaveLength(3);
    expect(logged(all, 'error')).toHaveLength(1);
    expect(logged(all, 'silent')).toHaveLength(0);
  });

  it('lets no control bytes and no endless text out', () => {
    const [line = ''] = logged((log) =>
      log.info('a\u001b[31m\nb\u2028', { detail: `\u0007\u009b${'x'.repeat(5000)}` }),
    );
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]|\\u00|\\n/);
    expect(line.length).toBeLessThan(1000);
    expect(JSON.parse(line)).toMatchObject({ msg: 'a [31m b ' });
  });
});

describe('isoTime', () => {
  it.each([0, 999, 1000, Date.UTC(2026, 1, 28, 23, 59, 59, 7), Date.UTC(2026, 0, 1) + 0.75])('%d', (ms) => {
    expect(isoTime(ms)).toBe(new Date(ms).toISOString());
  });
});

describe('jsonText', () => {
  it('is a JSON string of at most that length', () => {
    expect(JSON.parse(jsonText('a"b\\c', 10))).toBe('a"b\\c');
    expect(JSON.parse(jsonText('x'.repeat(20), 10))).toBe('x'.repeat(10));
    expect(JSON.parse(jsonText('a\tb\u0085', 10))).toBe('a b ');
    expect(JSON.parse(jsonText('\ud83d\ude00', 1))).toHaveLength(1);
  });
});
