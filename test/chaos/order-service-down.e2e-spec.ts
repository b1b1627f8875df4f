import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, type FamilyMember, startFamily } from '../support/family.ts';
import { endFamily } from '../support/quiet-end.ts';

/** order-service is away: whoever wanted to buy is told so in words for people. */
let family: Family;
const kinds = ['web', 'mobile', 'admin'] as const;
const tokens = new Map<string, string>();

beforeAll(async () => {
  family = await startFamily(kinds);
  for (const kind of kinds) {
    const user = kind === 'admin' ? 'admin' : 'enterprise';
    tokens.set(kind, await family[kind].client.login(family[kind].prefix, user));
  }
});
afterAll(() => endFamily(family, ...kinds.map((kind) => family[kind])));

const order = { items: [{ productId: 'prd_0001', quantity: 1 }] };

function write(kind: (typeof kinds)[number], headers: Record<string, string> = {}) {
  const { client, prefix }: FamilyMember = family[kind];
  const body = kind === 'admin' ? { ...order, customerId: 'usr_free' } : order;
  return client.post(`${prefix}/orders`, body, { token: tokens.get(kind)!, headers });
}

describe.each(kinds)('gateway-%s', (kind) => {
  it.each([
    ['en', 'Checkout temporarily unavailable, try again'],
    ['de-DE, en', 'Der Bestellvorgang ist gerade nicht verfügbar, bitte versuchen Sie es erneut'],
    ['xx', 'Checkout temporarily unavailable, try again'],
  ])('says it to a client that reads %s', async (language, userMessage) => {
    await family.stack.services.orders.stop();
    const answer = await write(kind, { 'accept-language': language });
    expect(answer).toMatchObject({ status: 503, json: { reason: 'upstream_unavailable', userMessage } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.headers['vary']).toMatch(/accept-language/i);
  });

  it('says it for an answer of 500 and for a reset too', async () => {
    const { orders } = family.stack.services;
    await orders.start();
    await fetch(`${family[kind].gateway.managementUrl}/breakers/orders/reset`, { method: 'POST' });
    for (const faults of [{ status: 500 }, { reset: true }]) {
      orders.setFaults(faults);
      expect(await write(kind)).toMatchObject({
        status: 503,
        json: { userMessage: 'Checkout temporarily unavailable, try again' },
      });
    }
    orders.clearFaults();
    expect((await write(kind)).status).toBe(201);
  });
});
