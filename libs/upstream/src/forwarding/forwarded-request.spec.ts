import { describe, expect, it } from '@jest/globals';
import { type Principal, type RequestContext } from '@facet/context';
import { testContext } from '@facet/testing';
import { forwardedRequest, type ForwardedRequest } from './forwarded-request.ts';
import { forwardedResponse } from './forwarded-response.ts';
import { type HeaderField } from './header-fields.ts';

const paid: Principal = { kind: 'bearer', subject: 'u1', tier: 'paid', scopes: ['read'], roles: [] };

function sent(
  fields: readonly HeaderField[],
  more: Partial<ForwardedRequest> = {},
  context: Partial<RequestContext> = {},
) {
  const flat = forwardedRequest(
    { fields, ...more },
    testContext({ principal: paid, ...context }),
    'gateway-web',
    [],
  );
  const values = (name: string): string[] =>
    flat.filter((_, i) => i % 2 === 1 && flat[i - 1]?.toLowerCase() === name);
  return { flat, values };
}

describe('forwardedRequest', () => {
  it('drops what concerns one connection and what Connection names', () => {
    const { flat } = sent([
      ['Connection', 'close, X-Private'],
      ['connection', 'x-other'],
      ['X-Private', '1'],
      ['X-Other', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Proxy-Connection', 'keep-alive'],
      ['TE', 'trailers'],
      ['Transfer-Encoding', 'chunked'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'x'],
      ['Proxy-Authorization', 'Basic x'],
      ['Trailer', 'x-t'],
      ['Expect', '100-continue'],
    ]);
    expect(flat.filter((_, i) => i % 2 === 0)).toEqual([
      'via',
      'x-request-id',
      'forwarded',
      'x-forwarded-for',
      'x-forwarded-proto',
      'x-user-id',
      'x-user-tier',
      'x-user-scopes',
    ]);
  });

  it.each(['X-User-ID', 'x_user_id', 'X-USER_TIER', 'x-user-scopes', 'X_User_Scopes'])(
    "never passes a client's own %s",
    (name) => {
      const { flat, values } = sent([[name, 'admin']]);
      expect(flat).not.toContain('admin');
      expect(values('x-user-id')).toEqual(['u1']);
    },
  );

  it('adds its fields after Connection has done its stripping (CVE-2026-33805)', () => {
    const { values } = sent([['Connection', 'X-User-ID, X-User-Tier, X-User-Scopes, Via, X-Forwarded-For']]);
    expect([values('x-user-id'), values('x-user-tier'), values('x-user-scopes')]).toEqual([
      ['u1'],
      ['paid'],
      ['read'],
    ]);
    expect([values('via'), values('x-forwarded-for')]).toEqual([['1.1 gateway-web'], ['192.0.2.1']]);
  });

  it('believes no forwarding field of the client', () => {
    const { flat, values } = sent([
      ['X-Forwarded-For', '6.6.6.6'],
      ['X-Real-IP', '6.6.6.6'],
      ['Forwarded', 'for=6.6.6.6'],
      ['X-Forwarded-Host', 'evil'],
      ['X-Forwarded-Proto', 'evil'],
      ['Host', 'gw.example:3000'],
    ]);
    expect(flat.join()).not.toMatch(/6\.6\.6\.6|evil/);
    expect(values('forwarded')).toEqual(['for=192.0.2.1;proto=http;host="gw.example:3000"']);
    expect(values('x-forwarded-host')).toEqual(['gw.example:3000']);
  });

  it('keeps an earlier Via and adds its own', () => {
    expect(sent([['Via', '1.1 edge']]).values('via')).toEqual(['1.1 edge', '1.1 gateway-web']);
  });

  it('passes credentials only to who asks for them', () => {
    const fields: HeaderField[] = [
      ['Authorization', 'Bearer t'],
      ['Cookie', 'c'],
      ['X-API-Key', 'k'],
    ];
    expect(sent(fields).flat).not.toEqual(expect.arrayContaining(['Bearer t']));
    const asked = forwardedRequest({ fields }, testContext(), 'gateway-web', ['cookie']);
    expect(asked).toContain('c');
    expect(asked).not.toContain('k');
  });

  it("lets the gateway set a credential of its own in place of the client's", () => {
    const { values } = sent([['Authorization', 'Bearer t']], { ownFields: [['Authorization', 'Basic own']] });
    expect(values('authorization')).toEqual(['Basic own']);
  });

  it('lets nobody set an identity by hand', () => {
    expect(sent([], { ownFields: [['x-user-tier', 'enterprise']] }).values('x-user-tier')).toEqual(['paid']);
  });

  it('escapes a subject no header can carry', () => {
    const { values } = sent([], {}, { principal: { ...paid, subject: 'zoë\r\nx: y' } });
    expect(values('x-user-id')).toEqual(['zo%C3%AB%0D%0Ax%3A%20y']);
  });
});

describe('forwardedResponse', () => {
  it('drops hop-by-hop fields, what Connection names and what stands behind us', () => {
    const fields: HeaderField[] = [
      ['Connection', 'X-Secret'],
      ['X-Secret', '1'],
      ['Keep-Alive', 'timeout=5'],
      ['Transfer-Encoding', 'chunked'],
      ['Server', 'nginx'],
      ['X-Powered-By', 'x'],
      ['Set-Cookie', 'a'],
      ['Set-Cookie', 'b'],
    ];
    expect(forwardedResponse(fields)).toEqual([
      ['Set-Cookie', 'a'],
      ['Set-Cookie', 'b'],
    ]);
  });
});
