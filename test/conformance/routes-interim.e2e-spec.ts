import { exchange } from '@facet/testing/http';
import { raw, ScriptedUpstream } from '@facet/testing/upstreams';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RouteGateway } from '../support/route-gateway.ts';

/** Interim answers (RFC 9110, 15.2; RFC 8297) through declared routes. */
let upstream: ScriptedUpstream;
let gateway: RouteGateway;

beforeAll(async () => {
  upstream = await ScriptedUpstream.start();
  const open = { upstream: upstream.url, auth: 'public', limits: 'off' };
  gateway = await RouteGateway.start({
    file: JSON.stringify({
      prefix: '',
      routes: [
        { ...open, id: 'all', path: '/*' },
        { ...open, id: 'cached', path: '/cached/*', cache: { identity: 'public' } },
        { ...open, id: 'ruled', path: '/ruled/*', response: { headers: { block: ['x-secret'] } } },
      ],
    }),
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-Hint: 1\r\n\r\n';
const final = 'HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: 2\r\n\r\nok';

/** All that comes back for a GET. */
async function get(target: string, version = '1.1'): Promise<string> {
  return await exchange(
    gateway.url,
    `GET ${target} HTTP/${version}\r\nHost: gw.example\r\nConnection: close\r\n\r\n`,
  );
}
const statusesOf = (bytes: string) => [...bytes.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, code]) => code);
const headOf = (bytes: string) => bytes.slice(0, bytes.indexOf('\r\n\r\n'));

describe('an interim answer', () => {
  it.each([
    ['102', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103', hints],
    ['199', 'HTTP/1.1 199 Odd\r\nX-A: 1\r\n\r\n'],
  ])('%s reaches the client before the final one', async (status, bytes) => {
    upstream.always(raw(bytes + final));
    const answer = await get('/x');
    expect(statusesOf(answer)).toEqual([status, '200']);
    expect(answer.endsWith('\r\n\r\nok')).toBe(true);
  });

  it('keeps its fields, but for those of a connection and of the software', async () => {
    upstream.always(
      raw(
        'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nlink: </b.js>\r\nX-Hint: 1\r\nConnection: X-Named\r\n' +
          `X-Named: 1\r\nKeep-Alive: timeout=1\r\nServer: up/1\r\nContent-Length: 9\r\nSet-Cookie: a=1\r\n\r\n${final}`,
      ),
    );
    const answer = await get('/x');
    expect(headOf(answer).split('\r\n').slice(1)).toEqual([
      'link: </a.css>; rel=preload, </b.js>',
      'x-hint: 1',
    ]);
    expect(answer.slice(headOf(answer).length)).not.toMatch(/x-hint|preload/i);
  });

  it('is under the rules of the route', async () => {
    upstream.always(raw(hints.replace('X-Hint', 'X-Secret') + final));
    expect(headOf(await get('/ruled/x'))).toMatch(/^HTTP\/1\.1 103 [^\r]*\r\nlink: [^\r]*$/);
  });

  it('comes with a miss of the cache and is not stored', async () => {
    upstream.always(raw(hints + final));
    expect(statusesOf(await get('/cached/x'))).toEqual(['103', '200']);
    const hit = await get('/cached/x');
    expect(hit).toMatch(/cache-status: [^\r]*hit/i);
    expect(hit).not.toMatch(/103 |x-hint|preload/i);
  });

  it('is not for a client of HTTP/1.0', async () => {
    upstream.always(raw(hints + final));
    expect(statusesOf(await get('/x', '1.0'))).toEqual(['200']);
  });

  it('is one of a few: an upstream that never stops giving hints fills nobody’s memory', async () => {
    upstream.always(raw(hints.repeat(100) + final));
    const statuses = statusesOf(await get('/x'));
    expect(statuses.at(-1)).toBe('200');
    expect(statuses.length).toBeLessThanOrEqual(17);
  });
});
