import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../call.fixture.ts';
import { type DevStack, startDevStack } from '../dev-stack.ts';

describe('payments', () => {
  let stack: DevStack<'payments'>;
  beforeAll(async () => {
    stack = await startDevStack({ services: ['payments'] });
  });
  afterAll(() => stack.stop());

  const charge = (json: unknown, headers: Record<string, string> = {}) =>
    call(`${stack.urls.payments}/charges`, { method: 'POST', json, headers });

  it('charges for the caller and keeps the payment', async () => {
    const { status, headers, body } = await charge(
      { amount: 1_250, currency: 'EUR' },
      { 'x-user-id': 'usr_paid' },
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'captured',
      amount: { amount: 1_250, currency: 'EUR' },
      customerId: 'usr_paid',
      orderId: null,
    });
    expect((await call(`${stack.urls.payments}${headers['location']}`)).body).toEqual(body);
  });

  it('charges once per Idempotency-Key', async () => {
    const input = { amount: 100, currency: 'EUR', orderId: 'ord_100001' };
    const first = await charge(input, { 'idempotency-key': 'k' });
    expect((await charge(input, { 'idempotency-key': 'k' })).body.id).toBe(first.body.id);
    expect((await charge(input, { 'idempotency-key': 'l' })).body.id).not.toBe(first.body.id);
  });

  it('declines the amount 402', async () => {
    expect((await charge({ amount: 402, currency: 'EUR' })).body.status).toBe('declined');
  });

  it.each([
    [{ amount: 0, currency: 'EUR' }],
    [{ amount: 1.5, currency: 'EUR' }],
    [{ amount: '100', currency: 'EUR' }],
    [{ amount: 100, currency: 'eur' }],
    [{ amount: 100 }],
    [[]],
  ])('refuses %j', async (input) => {
    expect((await charge(input)).status).toBe(400);
  });

  it('has the payments of the data set, and 404 for none', async () => {
    expect((await call(`${stack.urls.payments}/payments/pay_100001`)).body.orderId).toBe('ord_100001');
    expect((await call(`${stack.urls.payments}/payments/pay_0`)).status).toBe(404);
  });
});
