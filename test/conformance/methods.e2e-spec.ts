import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exchange } from '@facet/testing/http';
import { type Family, startFamily } from '../support/family.ts';
import { bytesOf, onlyAnswer, type WireAnswer } from '../support/wire.ts';

let family: Family;
let token: string;
beforeAll(async () => {
  family = await startFamily(['web'], {
    TIERS_FILE: join(import.meta.dirname, '../support/unlimited-tiers.json'),
  });
  token = await family.web.client.login('/api/web', 'enterprise');
});
afterAll(() => family.stop());
beforeEach(() => Object.values(family.stack.services).forEach((service) => service.clearHits()));

const url = (): string => family.web.gateway.url;
const bearer = (): string => `Authorization: Bearer ${token}`;
const ask = (method: string, target: string, ...lines: string[]): Promise<WireAnswer> =>
  onlyAnswer(url(), bytesOf({ method, target, lines }));
const hits = (): string[] =>
  Object.values(family.stack.services).flatMap((service) => Object.keys(service.hits()));

describe('TRACE and CONNECT', () => {
  it('are not implemented, and echo nothing', async () => {
    for (const target of ['/api/web/orders', '/', '*']) {
      const answer = await ask('TRACE', target, bearer(), 'Max-Forwards: 0', 'X-Thing: echo');
      expect([400, 501]).toContain(answer.status);
      expect(JSON.stringify(answer)).not.toMatch(/echo|Bearer ey/);
    }
    for (const target of ['example.com:443', '127.0.0.1:22', url().slice(7)]) {
      const answer = await onlyAnswer(
        url(),
        `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\nGET / HTTP/1.1\r\n\r\n`,
      );
      expect(answer).toMatchObject({
        status: 501,
        json: { reason: 'method_not_implemented' },
        headers: { connection: 'close' },
      });
    }
    expect(hits()).toEqual([]);
  });
});

describe('a method', () => {
  it.each(['BREW', 'FOO-BAR', 'GETX', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])(
    '%s that nobody knows is 501',
    async (method) => {
      expect(await ask(method, '/api/web/orders', bearer())).toMatchObject({
        status: 501,
        json: { reason: 'method_not_implemented' },
      });
    },
  );

  it.each(['get', 'Get', '', 'G\0ET', 'GE/T'])('%j that is none is 400', async (method) => {
    expect(await ask(method, '/api/web/orders', bearer())).toMatchObject({
      status: 400,
      json: { reason: 'malformed_request' },
    });
  });

  it.each([
    'PUT',
    'DELETE',
    'PATCH',
    'PROPFIND',
    'MKCOL',
    'LOCK',
    'PURGE',
    'QUERY',
    'SEARCH',
    'M-SEARCH',
    'LINK',
    'SOURCE',
  ])('%s that a path does not take is 405 and told what it takes', async (method) => {
    const answer = await ask(method, '/api/web/orders', bearer());
    expect([answer.status, answer.headers['allow']]).toEqual([
      405,
      expect.stringMatching(/^(?=.*GET)(?=.*HEAD)(?=.*POST)(?=.*OPTIONS)/),
    ]);
    expect(answer.headers['allow']).not.toMatch(/PUT|DELETE|PATCH|TRACE/);
    expect((await ask(method, '/api/web/nothing', bearer())).status).toBe(404);
    expect(hits()).toEqual([]);
  });

  it('of a legacy version is the same', async () => {
    const answer = await ask('DELETE', '/api/web/v1/orders', bearer());
    expect([answer.status, answer.headers['allow']]).toEqual([405, expect.stringContaining('GET')]);
  });
});

describe('OPTIONS', () => {
  it.each(['0', '1', '99'])('is answered here, whatever Max-Forwards (%s) says', async (forwards) => {
    const answer = await ask('OPTIONS', '/api/web/orders', `Max-Forwards: ${forwards}`);
    expect([answer.status, answer.text, answer.headers['allow']]).toEqual([
      204,
      '',
      expect.stringContaining('GET'),
    ]);
    expect((await ask('OPTIONS', '/api/web/nothing', `Max-Forwards: ${forwards}`)).status).toBe(404);
    expect(hits()).toEqual([]);
  });
});

describe('HEAD', () => {
  const shown = ({ headers }: WireAnswer) => {
    const {
      'x-request-id': _id,
      date: _date,
      ratelimit: _limit,
      age: _age,
      'cache-status': _cache,
      ...rest
    } = headers;
    return rest;
  };

  it.each([
    '/api/web/orders?limit=1',
    '/api/web/products?limit=2',
    '/api/web/user',
    '/api/web/v1/orders?limit=1',
  ])('of %s answers what GET does, without the body', async (target) => {
    const get = await ask('GET', target, bearer());
    const head = await ask('HEAD', target, bearer());
    expect([head.status, head.text]).toEqual([200, '']);
    expect(shown(head)).toEqual(shown(get));
    expect(head.headers['content-length']).toBe(String(Buffer.byteLength(get.text)));
  });

  it('has the same guards', async () => {
    for (const target of ['/api/web/orders', '/api/web/user', '/api/web/home']) {
      const answer = await ask('HEAD', target);
      expect([answer.status, answer.text]).toEqual([401, '']);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    }
    expect(hits()).toEqual([]);
  });

  it('is no way to do what POST does', async () => {
    expect(
      (await ask('HEAD', '/api/web/payments/charge', 'X-API-Key: fk_dev_paid_0000000000000002')).status,
    ).toBe(405);
  });
});

describe('304', () => {
  const target = '/api/web/orders?limit=2';

  it('has no body and the fields a cache needs, for GET and HEAD', async () => {
    const first = await ask('GET', target, bearer());
    const etag = String(first.headers['etag']);
    expect(etag).toMatch(/^(W\/)?"[\x21\x23-\x7e]+"$/);
    for (const method of ['GET', 'HEAD']) {
      for (const list of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
        const again = await ask(method, target, bearer(), `If-None-Match: ${list}`);
        expect([method, list, again.status, again.text]).toEqual([method, list, 304, '']);
        expect(again.headers).toMatchObject({
          etag,
          'cache-control': first.headers['cache-control'],
          vary: first.headers['vary'],
        });
        expect(again.headers['content-type']).toBeUndefined();
        expect(again.headers['content-length'] ?? '0').toBe('0');
      }
    }
  });

  it('is given for nothing else', async () => {
    for (const list of ['"other"', 'W/"other"', '""', 'other', '']) {
      expect((await ask('GET', target, bearer(), `If-None-Match: ${list}`)).status).toBe(200);
    }
    expect((await ask('GET', '/api/web/nothing', 'If-None-Match: *')).status).toBe(404);
    expect((await ask('GET', target, 'If-None-Match: *')).status).toBe(401);
    const created = await onlyAnswer(
      url(),
      bytesOf({
        method: 'POST',
        target: '/api/web/orders',
        lines: [bearer(), 'If-None-Match: *'],
        body: '{"items":[{"productId":"prd_0001","quantity":1}]}',
      }),
    );
    expect(created.status).toBe(201);
  });

  it('is not given across users: each has a validator of what is theirs', async () => {
    const other = await family.web.client.login('/api/web', 'premium');
    const mine = await ask('GET', target, bearer());
    const theirs = await ask(
      'GET',
      target,
      `Authorization: Bearer ${other}`,
      `If-None-Match: ${String(mine.headers['etag'])}`,
    );
    expect(theirs.status).toBe(200);
    expect(theirs.headers['etag']).not.toBe(mine.headers['etag']);
  });
});

describe('204', () => {
  it('has no body, no length and no type', async () => {
    const login = await family.web.client.post('/api/web/auth/login', { username: 'paid', password: 'demo' });
    const body = JSON.stringify({ refreshToken: login.json.refreshToken });
    const answer = await onlyAnswer(url(), bytesOf({ method: 'POST', target: '/api/web/auth/logout', body }));
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers['content-type']).toBeUndefined();
    expect(answer.headers['content-length']).toBeUndefined();
    expect(answer.headers['transfer-encoding']).toBeUndefined();
  });
});

describe('100 Continue', () => {
  const body = '{"items":[{"productId":"prd_0001","quantity":1}]}';
  const post = (version: string, expectation: string, type = 'application/json'): string =>
    `POST /api/web/orders HTTP/${version}\r\nHost: a\r\n${bearer()}\r\nContent-Type: ${type}\r\nExpect: ${expectation}\r\n` +
    `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;

  it('comes before the answer when the head is accepted, once', async () => {
    expect(await exchange(url(), post('1.1', '100-continue'), body)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /,
    );
    expect(await exchange(url(), post('1.1', '100-CONTINUE'), body)).toMatch(/^HTTP\/1\.1 100 /);
  });

  it('does not come when the head is refused, from HTTP/1.0, or when nobody asked', async () => {
    expect(await exchange(url(), post('1.1', '100-continue', 'text/plain'))).toMatch(/^HTTP\/1\.1 415 /);
    expect(await exchange(url(), post('1.0', '100-continue'), body)).toMatch(/^HTTP\/1\.1 201 /);
    expect(await exchange(url(), post('1.1', '200-ok'), body)).toMatch(/^HTTP\/1\.1 201 /);
  });
});

describe('HTTP/1.0', () => {
  it('is served and closed, with no chunks', async () => {
    const answer = await exchange(
      url(),
      'GET /api/web/products?limit=50 HTTP/1.0\r\nAccept-Encoding: br\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(answer).not.toMatch(/\r\ntransfer-encoding:/i);
  });
});
