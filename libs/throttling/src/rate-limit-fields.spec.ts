import { describe, expect, it } from '@jest/globals';
import { Limit } from './limit.ts';
import { policyItem, setLegacyRateLimitFields, setRateLimitFields } from './rate-limit-fields.ts';

function replyOf(
  write: (reply: { header(name: string, value: string): void }) => void,
): Record<string, string> {
  const fields: Record<string, string> = {};
  write({ header: (name, value) => void (fields[name] = value) });
  return fields;
}

const free = new Limit({ name: 'free', limit: 100, windowMs: 60_000 }, 'tier');
const login = new Limit({ name: 'login', limit: 10, windowMs: 500, burst: 2 }, 'x');

describe('rate limit fields', () => {
  it('tell policy and standing of every limit, times rounded up to seconds', () => {
    const states = [
      { limit: free, refused: false, remaining: 99, resetMs: 600 },
      { limit: login, refused: true, remaining: 0, resetMs: 1001 },
    ];
    expect(replyOf((reply) => setRateLimitFields(reply, states))).toEqual({
      'ratelimit-policy': '"free";q=100;w=60, "login";q=10;facet-burst=2',
      ratelimit: '"free";r=99;t=1, "login";r=0;t=2',
    });
  });

  it('are absent when there is nothing to tell', () => {
    expect(replyOf((reply) => setRateLimitFields(reply, []))).toEqual({});
  });

  it('have an older spelling for one limit', () => {
    const state = { limit: free, refused: false, remaining: 7, resetMs: 600 };
    expect(replyOf((reply) => setLegacyRateLimitFields(reply, state))).toEqual({
      'X-RateLimit-Limit': '100',
      'X-RateLimit-Remaining': '7',
      'X-RateLimit-Reset': '1',
    });
  });

  it('escape a name, and refuse one that no field can carry', () => {
    expect(policyItem({ ...free, name: 'a"b\\c' })).toBe('"a\\"b\\\\c";q=100;w=60');
    for (const name of ['', 'ü', 'a\r\nX-Evil: 1']) {
      expect(() => new Limit({ name, limit: 1, windowMs: 1000 }, 'x')).toThrow('printable ASCII');
    }
  });
});
