import { type Answer } from '@facet/testing/gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

const apps = ['web', 'mobile', 'admin'] as const;

let family: Family;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  family = await startFamily(apps);
  await Promise.all(
    apps.map(async (app) => {
      const { client, prefix } = family[app];
      tokens[app] = await client.login(prefix, app === 'admin' ? 'admin' : 'enterprise');
    }),
  );
});
afterAll(() => family.stop());

const lifecycleFields = ['deprecation', 'sunset', 'link'];
const shown = ({ headers }: Answer): string[] =>
  lifecycleFields.filter((name) => headers[name] !== undefined);

/** Targets by relation (RFC 8288). */
function linksOf({ headers }: Answer): Record<string, string> {
  const links = String(headers['link'])
    .split(/,\s*(?=<)/)
    .map((link) => /^<([^<>]+)>; rel="([a-z-]+)"$/.exec(link));
  expect(links).not.toContain(null);
  return Object.fromEntries(links.map((match) => [match?.[2] ?? '', match?.[1] ?? '']));
}

describe.each(apps)('gateway-%s', (app) => {
  const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    family[app].client.get(family[app].prefix + path, { token: tokens[app] ?? '', headers });

  it.each([
    ['/v1/orders?limit=1', {}],
    ['/orders?limit=1', { 'api-version': 'v1' }],
  ])('says of %s with %j when it was deprecated, when it ends and what follows', async (path, headers) => {
    const answer = await get(path, headers);
    expect([answer.status, answer.headers['api-version']]).toEqual([200, 'v1']);
    // RFC 9745, section 2: an RFC 9651 date. RFC 8594, section 3: an HTTP-date.
    expect(answer.headers['deprecation']).toMatch(/^@\d{10}$/);
    const sunset = String(answer.headers['sunset']);
    expect(new Date(sunset).toUTCString()).toBe(sunset);
    const deprecatedAtMs = Number(String(answer.headers['deprecation']).slice(1)) * 1000;
    expect(Date.parse(sunset)).toBeGreaterThanOrEqual(deprecatedAtMs);
    expect(answer.headers['vary']).toMatch(/API-Version/i);

    const links = linksOf(answer);
    expect(Object.keys(links).sort()).toEqual(['deprecation', 'successor-version', 'sunset']);
    expect(links['deprecation']).toMatch(/^https:\/\//);
    const successor = links['successor-version'] ?? '';
    expect(successor).toBe(`${family[app].prefix}/v2/orders`);
    const next = await family[app].client.get(`${successor}?limit=1`, { token: tokens[app] ?? '' });
    expect([next.status, next.headers['api-version'], shown(next)]).toEqual([200, 'v2', []]);
  });

  it('says nothing of the kind of what stays', async () => {
    for (const path of [
      '/orders',
      '/v2/orders',
      '/v3/orders',
      app === 'admin' ? '/users' : '/user',
      '/products',
      '/nothing',
    ]) {
      expect([path, shown(await get(path))]).toEqual([path, []]);
    }
  });

  it('gives v1 what v1 promised, by either way to ask, and v2 by default', async () => {
    const [byPath, byField, current] = await Promise.all([
      get('/v1/orders?limit=3'),
      get('/orders?limit=3', { 'api-version': 'v1' }),
      get('/orders?limit=3'),
    ]);
    expect(byPath.json).toEqual(byField.json);
    expect(byPath.json).not.toEqual(current.json);
    expect(current.headers['api-version']).toBe('v2');
    expect(byPath.json.items[0].total).toMatch(/^\d+\.\d{2}$/);
  });

  it('shows in v3 what is to come, by either way to ask', async () => {
    const [byPath, byField, current] = await Promise.all([
      get('/v3/orders?limit=3'),
      get('/orders?limit=3', { 'api-version': 'v3' }),
      get('/v2/orders?limit=3'),
    ]);
    expect(byPath.headers['api-version']).toBe('v3');
    expect(byPath.json).toEqual(byField.json);
    expect(byPath.headers['etag']).not.toBe(current.headers['etag']);
    expect(byPath.json.items[0].total).toEqual({
      amount: expect.stringMatching(/^\d+\.\d{2}$/),
      currency: 'EUR',
    });
    const { id } = byPath.json.items[0];
    expect((await get(`/v3/orders/${id}`)).json).toEqual(byPath.json.items[0]);
  });

  it('says which version answered, when it is a refusal too', async () => {
    for (const path of ['/orders/none', '/nothing', '/v9/orders', '/v1/orders/none'])
      expect([path, (await get(path)).headers['api-version']]).toEqual([
        path,
        path.startsWith('/v1/') ? 'v1' : 'v2',
      ]);
    const { headers } = await family[app].client.get(`${family[app].prefix}/orders`);
    expect(headers['api-version']).toBe('v2');
  });

  it('knows no other version', async () => {
    for (const version of ['v0', 'v4', 'v01', 'V1', 'v1.0', 'v999', 'v1000', '1']) {
      expect([version, (await get(`/${version}/orders`)).status]).toEqual([version, 404]);
      expect([version, (await get('/orders', { 'api-version': version })).status]).toEqual([version, 400]);
    }
    expect((await get('/orders', { 'api-version': 'v1, v2' })).status).toBe(400);
  });

  it('has the same guards for every version', async () => {
    for (const path of ['/v1/orders', '/v2/orders', '/v3/orders']) {
      const answer = await family[app].client.get(family[app].prefix + path);
      expect([path, answer.status]).toEqual([path, 401]);
    }
  });

  it('lets no path write links of its own', async () => {
    const answer = await family[app].client.get(
      `${family[app].prefix}/v1/orders/a%3E;rel=x,%3Cb>;rel="evil",<c`,
      { token: tokens[app] ?? '' },
    );
    expect([400, 404]).toContain(answer.status);
    expect(Object.keys(linksOf(answer)).sort()).toEqual(['deprecation', 'successor-version', 'sunset']);
  });
});
