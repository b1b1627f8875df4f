import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchange } from '@facet/testing/http';
import { ClockRig } from '../support/clock-rig.ts';
import { spellingsOf } from '../support/path-spellings.ts';

/**
 * Spellings of a protected path beside a public route that takes everything: each is refused, or is the protected
 * route with its guard. None reaches the upstream where that could read it as the protected path.
 */
const prefix = '/api/web';
const guarded = ['/admin/users', '/orders/7/refund'];
let rig: ClockRig<'orders'>;

beforeAll(async () => {
  rig = await ClockRig.start({
    upstreams: { orders: {} },
    routes: [
      { id: 'everything', path: '/*', upstream: 'orders' },
      { id: 'admin', path: '/admin/*', upstream: 'orders', auth: 'jwt', roles: ['admin'] },
      { id: 'refund', path: '/orders/:id/refund', upstream: 'orders', auth: 'jwt', roles: ['admin'] },
    ],
  });
});
afterAll(() => rig[Symbol.asyncDispose]());

/** What an upstream of any make may take a target for: decoded once, parameters dropped, dots and slashes resolved. */
function readings(target: string): string[] {
  const [path = ''] = target.split(/[?#]/);
  const decoded = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return [path, decoded].flatMap((one) => {
    const unified = one.replace(/\\/g, '/');
    return [unified, unified.replace(/;[^/]*/g, '')].map(resolved);
  });
}

function resolved(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

describe.each(guarded)('%s', (path) => {
  it('is bypassed by 0 of its spellings', async () => {
    const all = spellingsOf(prefix + path);
    expect(all.length).toBeGreaterThanOrEqual(200);
    const { requests } = rig.upstreams.orders;
    const bypasses: string[] = [];
    for (const target of all) {
      requests.length = 0;
      const head = `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
      const answer = await exchange(rig.gateway.url, head);
      const status = answer.slice(9, 12);
      const reached = requests.flatMap((request) => readings(request.target));
      if (reached.includes(prefix + path)) bypasses.push(`${target} -> ${status}, ${requests[0]?.target}`);
      if (!/^(200|400|401|403|404|405|414)$/.test(status)) bypasses.push(`${target} -> ${status}`);
    }
    expect(bypasses).toEqual([]);
  });

  it('is itself, to one who may', async () => {
    const token = await rig.gateway.token({ roles: ['admin'] });
    for (const spelling of [path, path.replace('r', '%72')])
      expect((await rig.client.get(spelling, { token })).status).toBe(200);
    expect((await rig.client.get(path)).status).toBe(401);
  });
});
