import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { bytesOf, onlyAnswer } from '../support/wire.ts';

let family: Family;
let token: string;
beforeAll(async () => {
  family = await startFamily(['mobile']);
  token = await family.mobile.client.login('/api/mobile', 'enterprise');
});
afterAll(() => family.stop());
beforeEach(() => family.stack.services.orders.clearHits());

const orders = () => family.stack.services.orders;
const get = (...lines: string[]) =>
  onlyAnswer(
    family.mobile.gateway.url,
    bytesOf({ target: '/api/mobile/orders', lines: [`Authorization: Bearer ${token}`, ...lines] }),
  );

describe('an upgrade', () => {
  it('to WebSocket is 426 and says what is spoken here', async () => {
    for (const upgrade of ['websocket', 'WebSocket', 'h2c, websocket']) {
      const bytes = bytesOf({
        target: '/api/mobile/orders',
        lines: [
          `Authorization: Bearer ${token}`,
          `Upgrade: ${upgrade}`,
          'Connection: Upgrade',
          'Sec-WebSocket-Version: 13',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        ],
        keepAlive: true,
      });
      const answer = await onlyAnswer(family.mobile.gateway.url, bytes);
      expect(answer).toMatchObject({ status: 426, json: { reason: 'upgrade_refused' } });
      expect(answer.headers['upgrade']).toBe('HTTP/1.1');
      expect(answer.headers['connection']).toMatch(/upgrade/i);
    }
    expect(orders().hits()).toEqual({});
  });

  it.each([
    ['h2c', ['Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__', 'Connection: Upgrade, HTTP2-Settings']],
    ['TLS', ['Upgrade: TLS/1.3', 'Connection: Upgrade']],
    ['HTTP/3.7', ['Upgrade: HTTP/3.7', 'Connection: Upgrade']],
  ])(
    'to %s is not offered: the request is served as it is, and nothing of it is passed on',
    async (_name, lines) => {
      const bytes = bytesOf({
        target: '/api/mobile/orders',
        lines: [`Authorization: Bearer ${token}`, ...lines],
      });
      const answer = await onlyAnswer(family.mobile.gateway.url, bytes);
      expect(answer.status).toBe(200);
      expect(answer.headers['upgrade']).toBeUndefined();
      const { headers } = orders().last() ?? {};
      expect(headers?.['upgrade']).toBeUndefined();
      expect(headers?.['http2-settings']).toBeUndefined();
      expect(headers?.['connection']).not.toMatch(/upgrade/i);
    },
  );
});

describe('a request that has been here before', () => {
  it.each([
    ['Via: 1.1 gateway-mobile'],
    ['Via: 1.0 fred, 1.1 GATEWAY-MOBILE (facet), 1.1 other'],
    ['Via: HTTP/1.1 gateway-mobile'],
    ['Via: 1.1 other', 'Via: 1.1 gateway-mobile'],
    ['CDN-Loop: gateway-mobile'],
    ['CDN-Loop: other; v=1.0, gateway-mobile; v=2'],
    ['CDN-Loop: other', 'cdn-loop: Gateway-Mobile'],
  ])('by %j is 508, and goes no further', async (...lines) => {
    expect(await get(...lines)).toMatchObject({ status: 508, json: { reason: 'loop_detected' } });
    expect(orders().hits()).toEqual({});
  });

  it.each([
    ['Via: 1.1 gateway-web'],
    ['Via: 1.1 gateway-mobile-eu, 1.1 my-gateway-mobile'],
    ['CDN-Loop: gateway-web, facet'],
  ])('is not one that names others: %s', async (line) => {
    expect((await get(line)).status).toBe(200);
    expect(orders().last()?.headers['via']).toMatch(/1\.1 gateway-mobile$/);
  });
});
