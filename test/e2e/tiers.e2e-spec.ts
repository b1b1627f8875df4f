import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer } from '@facet/testing/gateway';
import { type Family, startFamily } from '../support/family.ts';

let family: Family;
beforeAll(async () => {
  family = await startFamily(['mobile']);
});
afterAll(() => family.stop());

/** Asks `count` times, a few at once, and answers all answers in the order of asking. */
async function burst(count: number, ask: (index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < count; start += 20) {
    const size = Math.min(20, count - start);
    answers.push(...(await Promise.all(Array.from({ length: size }, (_, index) => ask(start + index)))));
  }
  return answers;
}

describe('the free tier', () => {
  it('has 100 requests a minute, and the next is refused with everything a client needs', async () => {
    const token = await family.mobile.client.login('/api/mobile', 'free');
    const get = (headers: Record<string, string> = {}): Promise<Answer> =>
      family.mobile.client.get('/api/mobile/user', { token, headers });
    const first = await get();
    expect(first.headers['ratelimit-policy']).toContain('"free";q=100;w=60');
    expect(first.headers['ratelimit']).toMatch(/"free";r=\d+;t=\d+/);

    const answers = await burst(160, () => get());
    const refused = answers.filter((answer) => answer.status === 429);
    // While the burst runs the bucket refills at 100 a minute.
    expect(refused.length).toBeGreaterThan(40);
    expect(refused.length).toBeLessThanOrEqual(61);
    expect(refused.at(-1)?.json).toMatchObject({
      reason: 'rate_limited',
      code: 429,
      message: 'Too Many Requests',
    });
    expect(Number(refused.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.at(-1)?.headers['ratelimit']).toContain('"free";r=0');

    // No header of the client changes whom it is counted as, or by which tier.
    const spoofed = await burst(20, (index) =>
      get({
        'x-forwarded-for': `203.0.113.${index}`,
        forwarded: `for=203.0.113.${index}`,
        'x-real-ip': `203.0.113.${index}`,
        'x-user-tier': 'enterprise',
        'x-user-id': 'usr_enterprise',
        'x-tier': 'enterprise',
      }),
    );
    expect(spoofed.filter((answer) => answer.status === 429).length).toBeGreaterThanOrEqual(18);
  });
});

describe('the enterprise tier', () => {
  it('is not limited, and no header invents a number', async () => {
    const token = await family.mobile.client.login('/api/mobile', 'enterprise');
    const answers = await burst(300, () => family.mobile.client.get('/api/mobile/user', { token }));
    expect(answers.filter((answer) => answer.status !== 200)).toEqual([]);
    expect(answers[0]?.headers['ratelimit']).toBeUndefined();
  });
});

describe('anonymous callers', () => {
  it('share 60 a minute by address, whatever they say of themselves', async () => {
    const answers = await burst(100, (index) =>
      family.mobile.client.get('/api/mobile/products?limit=1', {
        headers: { 'x-forwarded-for': `198.51.100.${index}` },
      }),
    );
    const served = answers.filter((answer) => answer.status === 200).length;
    // The two logins above came from the same address.
    expect(served).toBeGreaterThanOrEqual(58);
    expect(served).toBeLessThanOrEqual(65);
  });
});

describe('POST /auth/login', () => {
  it('takes 10 a minute per address', async () => {
    // Two logins of this address were made above.
    const answers = await burst(20, (index) =>
      family.mobile.client.post('/api/mobile/auth/login', { username: `nobody${index}`, password: 'wrong' }),
    );
    expect(answers.filter((answer) => answer.status === 401).length).toBeLessThanOrEqual(10);
    expect(answers.at(-1)).toMatchObject({ status: 429, json: { reason: 'rate_limited' } });
  });
});
