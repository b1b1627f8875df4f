import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';

let family: Family;
beforeAll(async () => {
  family = await startFamily(['web', 'mobile']);
});
afterAll(() => family.stop());

const free = 'fk_dev_free_0000000000000001';
const paid = 'fk_dev_paid_0000000000000002';
const input = { amount: 1_250, currency: 'EUR', orderId: 'ord_100001' };

const charge = (kind: 'web' | 'mobile', apiKey: string, key: string, body: unknown = input) =>
  family[kind].client.call('POST', `/api/${kind}/payments/charge`, {
    headers: { 'x-api-key': apiKey, 'idempotency-key': key },
    body,
  });

describe('an Idempotency-Key', () => {
  it("never gives one caller another's answer, even for the same key and body", async () => {
    const key = randomUUID();
    const first = await charge('web', paid, key);
    expect(first.status).toBe(201);
    const stranger = await charge('web', free, key);
    expect(stranger.status).toBe(201);
    expect(stranger.json.id).not.toBe(first.json.id);
  });

  it('is no way to block the order of somebody else', async () => {
    const order = { items: [{ productId: 'prd_0001', quantity: 1 }] };
    const key = randomUUID();
    for (const username of ['free', 'paid']) {
      const token = await family.web.client.login('/api/web', username);
      const headers = { 'idempotency-key': key };
      const { status } = await family.web.client.call('POST', '/api/web/orders', {
        token,
        headers,
        body: order,
      });
      expect(status).toBe(201);
    }
  });

  it('charges once, over every gateway of the family', async () => {
    const key = randomUUID();
    const first = await charge('web', paid, key);
    const again = await charge('mobile', paid, key);
    expect(again).toMatchObject({ status: 201, json: { id: first.json.id } });
  });

  it('is 422 with another body', async () => {
    const key = randomUUID();
    await charge('web', paid, key);
    expect(await charge('web', paid, key, { ...input, amount: 1_251 })).toMatchObject({
      status: 422,
      json: { reason: 'unprocessable' },
    });
  });

  it.each(['a b', 'x'.repeat(256), '"open', '""'])('is 400 when it is %j', async (key) => {
    expect(await charge('web', paid, key)).toMatchObject({
      status: 400,
      json: { reason: 'invalid_input', violations: [{ in: 'header', pointer: '/idempotency-key' }] },
    });
  });
});
