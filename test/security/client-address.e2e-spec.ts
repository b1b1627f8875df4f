import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

/** Anonymous callers have 3 requests an hour by address: who is counted as whom is seen at the fourth. */
const env = { TIERS_FILE: join(import.meta.dirname, '../support/tight-tiers.json') };
const admitted = 3;

type Fields = Readonly<Record<string, string | string[]>>;

async function countAdmitted(member: Family['web'], requests: readonly Fields[]): Promise<number> {
  let count = 0;
  for (const headers of requests) {
    const { status } = await member.client.get(`${member.prefix}/products?limit=1`, { headers });
    if (status === 200) count++;
  }
  return count;
}

const times = (count: number, fields: (index: number) => Fields): Fields[] =>
  Array.from({ length: count }, (_, index) => fields(index));

describe('a gateway that trusts no proxy', () => {
  let family: Family;
  beforeAll(async () => {
    family = await startFamily(['mobile'], env);
  });
  afterAll(() => family.stop());

  it('counts a caller once, whatever addresses it names in whatever field', async () => {
    const names = [
      'X-Forwarded-For',
      'x-forwarded-for',
      'Forwarded',
      'X-Real-IP',
      'X-Client-IP',
      'True-Client-IP',
      'CF-Connecting-IP',
      'X-Cluster-Client-IP',
      'Fastly-Client-IP',
      'X-Original-Forwarded-For',
    ];
    const spoofed = names.flatMap((name) =>
      times(2, (index) => ({
        [name]: name === 'Forwarded' ? `for=203.0.113.${index}` : `203.0.113.${index}`,
      })),
    );
    expect(await countAdmitted(family.mobile, spoofed)).toBe(admitted);
  });
});

describe('a gateway behind a trusted proxy', () => {
  let family: Family;
  beforeAll(async () => {
    family = await startFamily(['web'], { ...env, TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' });
  });
  afterAll(() => family.stop());

  const count = (requests: Fields[]): Promise<number> => countAdmitted(family.web, requests);

  it('counts clients apart by what the proxy reports', async () => {
    const clients = times(10, (index) => ({ 'x-forwarded-for': `198.51.100.${index}` }));
    expect(await count(clients)).toBe(10);
  });

  it.each([
    ['on the left of the list', (i: number) => ({ 'x-forwarded-for': `203.0.113.${i}, 192.0.2.1` })],
    [
      'in a field of its own before it',
      (i: number) => ({ 'x-forwarded-for': [`203.0.113.${i}`, '192.0.2.2'] }),
    ],
    ['before a trusted hop', (i: number) => ({ 'x-forwarded-for': `203.0.113.${i}, 192.0.2.3, 10.0.0.9` })],
    ['with many ports', (i: number) => ({ 'x-forwarded-for': `192.0.2.4:${1024 + i}` })],
    ['as IPv4 within IPv6', (i: number) => ({ 'x-forwarded-for': i % 2 ? '192.0.2.5' : '::ffff:192.0.2.5' })],
    ['in one /64 of IPv6', (i: number) => ({ 'x-forwarded-for': `2001:db8:0:1:${i}::${i}` })],
    [
      'in another spelling of IPv6',
      (i: number) => ({ 'x-forwarded-for': i % 2 ? '2001:DB8:0:2::1' : '2001:db8:0:2:0:0:0:1' }),
    ],
    ['in X-Real-IP', (i: number) => ({ 'x-real-ip': `203.0.113.${i}`, 'x-forwarded-for': '192.0.2.6' })],
    ['on the left of Forwarded', (i: number) => ({ forwarded: `for=203.0.113.${i}, for=192.0.2.7` })],
    [
      'within a quoted string',
      (i: number) => ({ forwarded: `for="203.0.113.${i}, for=1.1.1.${i}", for=192.0.2.8` }),
    ],
  ])('counts a client once that spoofs %s', async (_name, fields) => {
    expect(await count(times(8, fields))).toBe(admitted);
  });

  it('counts /64s of IPv6 apart', async () => {
    expect(await count(times(6, (i) => ({ 'x-forwarded-for': `2001:db8:1:${i}::1` })))).toBe(6);
  });

  it('counts for the proxy whatever it could not have reported, a second list included', async () => {
    const unbelievable = [
      ...times(4, (i) => ({ forwarded: `for=203.0.113.${i}`, 'x-forwarded-for': '192.0.2.9' })),
      ...times(4, (i) => ({ forwarded: 'for=192.0.2.9', 'x-forwarded-for': `203.0.113.${i}` })),
      ...['evil', '0177.0.0.1', '127.1', '0x7f000001', '1.1.1', 'unknown', ''].map((hop) => ({
        'x-forwarded-for': hop,
      })),
      ...times(3, (i) => ({ forwarded: `for=_hidden${i}` })),
    ];
    expect(await count(unbelievable)).toBe(admitted);
  });

  it('is secure only when everything the proxy says says so', async () => {
    const isSecure = async (headers: Fields): Promise<boolean> =>
      (await family.web.client.get('/health', { headers })).headers['strict-transport-security'] !==
      undefined;
    expect(await isSecure({ 'x-forwarded-proto': 'https' })).toBe(true);
    expect(await isSecure({ forwarded: 'for=192.0.2.1;proto=https' })).toBe(true);
    expect(await isSecure({ 'x-forwarded-proto': 'https, http' })).toBe(false);
    expect(await isSecure({ 'x-forwarded-proto': 'http', forwarded: 'proto=https' })).toBe(false);
    expect(await isSecure({})).toBe(false);
  });
});
