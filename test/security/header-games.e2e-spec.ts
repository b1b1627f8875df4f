import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { type Field, fieldsOf, identityOf, valuesOf } from '../support/received-fields.ts';
import { bytesOf, onlyAnswer } from '../support/wire.ts';

let family: Family;
let token: string;
let adminToken: string;
beforeAll(async () => {
  family = await startFamily(['mobile', 'admin']);
  [token, adminToken] = await Promise.all([
    family.mobile.client.login('/api/mobile', 'enterprise'),
    family.admin.client.login('/api/admin', 'admin'),
  ]);
});
afterAll(() => family.stop());

const upstream = () => family.stack.services.orders;

/** What order-service received for one good request with these lines added. */
async function arrivedWith(lines: readonly string[]): Promise<Field[]> {
  const before = upstream().last();
  const request = {
    target: '/api/mobile/orders?limit=1',
    lines: [`Authorization: Bearer ${token}`, ...lines],
  };
  const { status } = await onlyAnswer(family.mobile.gateway.url, bytesOf(request));
  expect([lines, status]).toEqual([lines, 200]);
  expect(upstream().last()).not.toBe(before);
  return fieldsOf(upstream().last());
}

/** Exactly one of each, made from the verified principal. */
function expectOwnIdentity(fields: readonly Field[]): void {
  expect(identityOf(fields)).toEqual([
    ['usr_enterprise'],
    ['enterprise'],
    [expect.stringContaining('orders:read')],
  ]);
}

describe('the identity that upstreams believe', () => {
  it.each([
    [
      'in our own spelling',
      ['X-User-ID: usr_admin', 'X-User-Tier: premium', 'X-User-Scopes: orders:read:any'],
    ],
    ['in lower case', ['x-user-id: usr_admin', 'x-user-tier: premium', 'x-user-scopes: orders:read:any']],
    ['in upper case', ['X-USER-ID: usr_admin', 'X-USER-TIER: premium', 'X-USER-SCOPES: *']],
    ['more than once', ['X-User-Id: usr_admin', 'x-user-id: usr_free', 'X-USER-ID: usr_paid']],
    [
      'in fields of other gateways',
      [
        'X-User: admin',
        'X-Userid: admin',
        'X-Auth-User: admin',
        'X-Remote-User: admin',
        'Remote-User: admin',
        'X-Roles: admin',
        'X-Consumer-ID: admin',
      ],
    ],
  ])('is ours, whatever the client claims %s', async (_name, lines) => {
    const fields = await arrivedWith(lines);
    expectOwnIdentity(fields);
    expect(JSON.stringify(fields)).not.toMatch(/admin|premium|usr_free|usr_paid/);
  });

  it('is absent for the anonymous, whatever they claim', async () => {
    const lines = ['X-User-ID: usr_admin', 'X-User-Tier: enterprise', 'X-User-Scopes: orders:read:any'];
    const { status } = await onlyAnswer(
      family.mobile.gateway.url,
      bytesOf({ target: '/api/mobile/products?limit=1', lines }),
    );
    expect(status).toBe(200);
    expect(identityOf(fieldsOf(family.stack.services.catalog.last()))).toEqual([[], [], []]);
  });

  it('is not the body of an order placed by a customer', async () => {
    const answer = await family.mobile.client.post(
      '/api/mobile/orders',
      { customerId: 'usr_free', items: [{ productId: 'prd_0001', quantity: 1 }] },
      { token },
    );
    expect(answer).toMatchObject({ status: 400, json: { reason: 'invalid_input' } });
  });
});

describe('of what the client sends', () => {
  it('credentials, cookies and hop-by-hop fields never reach an upstream', async () => {
    const fields = await arrivedWith([
      'Cookie: session=secret',
      'Proxy-Authorization: Basic c2VjcmV0',
      'Keep-Alive: timeout=5',
      'TE: trailers',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      'Proxy-Connection: keep-alive',
      'Forwarded: for=secret',
      'X-Forwarded-For: secret',
      'X-Forwarded-Host: secret',
      'X-Forwarded-Proto: secret',
      'X-Real-IP: secret',
      'X-HTTP-Method-Override: DELETE',
      'Expect: 100-continue',
      'Accept-Encoding: secret',
      'User-Agent: secret',
      'Referer: http://secret/',
      'Range: bytes=0-1',
      'If-None-Match: "secret"',
      'Cache-Control: no-cache',
    ]);
    const names = fields.map(([name]) => name.toLowerCase());
    const forbidden =
      'authorization cookie x-api-key proxy-authorization keep-alive te upgrade http2-settings proxy-connection range expect';
    expect(names.filter((name) => forbidden.split(' ').includes(name))).toEqual([]);
    expect(JSON.stringify(fields)).not.toMatch(/secret|c2VjcmV0|DELETE/);
    // One request, one of each: nothing for two readers to differ about.
    expect(new Set(names).size).toBe(names.length);
  });

  it('the gateway names itself to the upstream, and the request keeps its id', async () => {
    const fields = await arrivedWith(['X-Request-Id: known-1']);
    expect(valuesOf(fields, 'via')).toEqual(['1.1 gateway-mobile']);
    expect(valuesOf(fields, 'x-request-id')).toEqual(['known-1']);
  });
});

describe('400 for', () => {
  const refused = async (lines: string[], target = '/api/mobile/orders') => {
    const hits = JSON.stringify(family.stack.services.orders.hits());
    const answer = await onlyAnswer(family.mobile.gateway.url, bytesOf({ target, lines }));
    expect(JSON.stringify(family.stack.services.orders.hits())).toBe(hits);
    return { status: answer.status, reason: (answer.json as { reason: string }).reason };
  };

  it.each([
    'X_User_Id',
    'x_user_id',
    'X-User_Id',
    'X_Forwarded_For',
    'Content_Length',
    'Transfer_Encoding',
    '_',
    'a_',
  ])('the name %s, which others read with a dash', async (name) => {
    const lines = [`Authorization: Bearer ${token}`, `${name}: 0`];
    expect(await refused(lines)).toEqual({ status: 400, reason: 'malformed_request' });
  });

  it('two credentials, of the same or of two kinds, on public endpoints too', async () => {
    const bearer = `Authorization: Bearer ${token}`;
    const key = 'X-API-Key: fk_dev_free_0000000000000001';
    for (const lines of [
      [bearer, key],
      [key, bearer],
      [bearer, bearer],
      [key, key],
      [bearer, `authorization: Basic YTpi`],
    ]) {
      for (const target of ['/api/mobile/orders', '/api/mobile/products', '/api/mobile/home']) {
        expect([target, await refused(lines, target)]).toEqual([
          target,
          { status: 400, reason: 'conflicting_credentials' },
        ]);
      }
    }
  });

  it.each(['Content-Type', 'Max-Forwards', 'Expect'])('%s twice', async (name) => {
    const lines = [`Authorization: Bearer ${token}`, `${name}: 1`, `${name}: 2`];
    expect(await refused(lines)).toEqual({ status: 400, reason: 'malformed_request' });
  });
});

describe('an admin', () => {
  it('is who the token says, not who the header says', async () => {
    const { status } = await family.admin.client.get('/api/admin/orders?limit=1', {
      token: adminToken,
      headers: { 'x-user-id': 'usr_free', 'x-user-scopes': '' },
    });
    expect(status).toBe(200);
    expect(family.stack.services.orders.last()?.headers['x-user-id']).toBe('usr_admin');
  });

  it('is nobody with the role in a header, a query or a token of another role', async () => {
    const asked = await family.admin.client.get('/api/admin/users?limit=1', {
      token,
      headers: { 'x-user-roles': 'admin', 'x-roles': 'admin', 'x-user-scopes': 'users:read' },
    });
    expect(asked).toMatchObject({ status: 403 });
  });
});
