import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer } from '@facet/testing/gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

const directory = mkdtempSync(join(tmpdir(), 'facet-keys-'));
const file = join(directory, 'keys.json');
const good = 'fk_test_good_000000000000001';
const other = 'fk_test_other_00000000000001';
const weak = 'fk_test_weak_000000000000001';
const expired = 'fk_test_expired_0000000000001';

interface Entry {
  readonly key: string;
  readonly scopes?: readonly string[];
  readonly expiry?: string;
}

function writeKeys(...entries: Entry[]): void {
  const list = entries.map(({ key, scopes = ['payments:write'], ...rest }, index) => ({
    id: `key-${index}`,
    sha256: createHash('sha256').update(key).digest('hex'),
    subject: `usr_${index}`,
    // Unlimited: a revoked key is asked for again and again.
    tier: 'enterprise',
    scopes,
    ...rest,
  }));
  writeFileSync(file, JSON.stringify(list));
}

let family: Family;
beforeAll(async () => {
  writeKeys(
    { key: good },
    { key: other },
    { key: weak, scopes: ['orders:read'] },
    { key: expired, expiry: '2026-01-01T00:00:00Z' },
  );
  family = await startFamily(['mobile'], { API_KEYS_FILE: file, TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(async () => {
  await family.stop();
  rmSync(directory, { recursive: true });
});

const charges = () => family.stack.services.payments;
/** @param address as whom the balancer in front reports the client */
function charge(apiKey: string, address: string, headers: Record<string, string> = {}): Promise<Answer> {
  return family.mobile.client.post(
    '/api/mobile/payments/charge',
    { amount: 100, currency: 'EUR' },
    { headers: { 'x-api-key': apiKey, 'x-forwarded-for': address, ...headers } },
  );
}

describe('an API key', () => {
  it('is taken whole, and the upstream gets the subject and not the key', async () => {
    expect((await charge(good, '192.0.2.1')).status).toBe(201);
    const { headers, rawHeaders } = charges().last() ?? {};
    expect(headers?.['x-user-id']).toBe('usr_0');
    expect(JSON.stringify(rawHeaders)).not.toMatch(/fk_test|api-key/i);
  });

  it.each([
    ['cut short', good.slice(0, -1)],
    ['made longer', `${good}0`],
    ['of the right prefix', `${good.slice(0, -4)}9999`],
    ['in upper case', good.toUpperCase()],
    ['given as its hash', createHash('sha256').update(good).digest('hex')],
    ['of an entry of the file by name', 'key-0'],
    ['that expired', expired],
    ['of two, in one field', `${good}, ${other}`],
    ['in quotes', `"${good}"`],
    ['with a wildcard', 'fk_test_good_%'],
    ['of every object', '__proto__constructor'],
    ['too long to hash', 'a'.repeat(5_000)],
  ])('%s is 401, and the answer does not say why', async (_name, key) => {
    const before = charges().hits();
    const answer = await charge(key, '192.0.2.2');
    expect(answer).toMatchObject({
      status: 401,
      json: { reason: 'invalid_api_key', detail: 'Invalid API key' },
    });
    expect(answer.headers['www-authenticate']).toBe('ApiKey realm="facet"');
    expect(charges().hits()).toEqual(before);
  });

  it('is taken from its field alone', async () => {
    const { client } = family.mobile;
    const body = { amount: 100, currency: 'EUR' };
    const path = '/api/mobile/payments/charge';
    expect(await client.post(`${path}?api_key=${good}`, body)).toMatchObject({ status: 401 });
    expect(await client.post(`${path}?x-api-key=${good}`, body)).toMatchObject({ status: 401 });
    expect(await client.post(path, { ...body, apiKey: good })).toMatchObject({ status: 401 });
    for (const headers of [
      { cookie: `x-api-key=${good}` },
      { authorization: `ApiKey ${good}` },
      { authorization: `Bearer ${good}` },
      { 'api-key': good },
    ]) {
      expect(await client.post(path, body, { headers })).toMatchObject({ status: 401 });
    }
  });

  it('may do what its scopes say and no more', async () => {
    expect(await charge(weak, '192.0.2.3')).toMatchObject({
      status: 403,
      json: { reason: 'insufficient_scope' },
    });
    const orders = await family.mobile.client.get('/api/mobile/orders', { apiKey: good });
    expect(orders).toMatchObject({ status: 403, json: { reason: 'insufficient_scope' } });
  });

  it('guessed too often from one address is 429 for all keys of that address, and for no other', async () => {
    const guesses: Answer[] = [];
    for (let index = 0; index < 30; index++)
      guesses.push(await charge(`fk_test_guess_${1e12 + index}`, `198.51.100.7`));
    expect(guesses.map(({ status }) => status)).toEqual([
      ...Array<number>(20).fill(401),
      ...Array<number>(10).fill(429),
    ]);
    expect(Number(guesses.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await charge(good, '198.51.100.7')).status).toBe(429);
    expect((await charge(good, '198.51.100.8')).status).toBe(201);
  });

  it('counts guesses of one /64 together', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 25; index++) {
      statuses.push((await charge(`fk_test_guess_${1e12 + index}`, `2001:db8:7:7::${index + 1}`)).status);
    }
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
  });

  it('that is taken out of the file no longer counts within 5 s, and a broken file changes nothing', async () => {
    const until = async (key: string, status: number): Promise<number> => {
      const startedAt = performance.now();
      // A fresh address each time: failures of one are limited.
      for (let host = 1; (await charge(key, `203.0.113.${host % 250}`)).status !== status; host++) {
        if (performance.now() - startedAt > 10_000) throw new Error(`no ${status} within 10 s`);
      }
      return performance.now() - startedAt;
    };
    writeKeys({ key: other });
    expect(await until(good, 401)).toBeLessThan(5_000);
    expect((await charge(other, '192.0.2.4')).status).toBe(201);

    writeFileSync(file, '[{"id":"half');
    writeKeys({ key: good });
    expect(await until(good, 201)).toBeLessThan(5_000);
  });
});
