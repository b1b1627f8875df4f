import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Family, startFamily } from '../support/family.ts';
import { endFamily, metric } from '../support/quiet-end.ts';
import { tally, until } from '../support/until.ts';

/** An upstream that refuses connections: told honestly, left alone once known, asked by one when its time has come. */
let family: Family;
let token: string;

beforeAll(async () => {
  family = await startFamily(['mobile']);
  token = await family.mobile.client.login('/api/mobile', 'enterprise');
});
afterAll(() => endFamily(family, family.mobile));

const getOrders = () => family.mobile.client.get('/api/mobile/orders', { token });
const getUser = () => family.mobile.client.get('/api/mobile/user', { token });
const crowd = async (size: number) => await Promise.all(Array.from({ length: size }, getOrders));
const circuit = () => metric(family.mobile.gateway, 'gateway_circuit_state', { upstream: 'orders' });
const asked = () => Object.values(family.stack.services.orders.hits()).reduce((sum, hits) => sum + hits, 0);

it('is 503 with Retry-After and the cause, until the circuit opens and says when it will try', async () => {
  expect((await getOrders()).status).toBe(200);
  await family.stack.services.orders.stop();
  const first = await getOrders();
  expect(first).toMatchObject({ status: 503, json: { reason: 'upstream_unavailable' } });
  expect(first.headers['proxy-status']).toBe('gateway-mobile; error=connection_refused; next-hop=orders');
  expect(Number(first.headers['retry-after'])).toBeGreaterThan(0);

  expect(tally((await crowd(20)).map(({ status }) => status))).toEqual({ 503: 20 });
  expect(await circuit()).toBe(2);
  const open = await getOrders();
  expect(open.status).toBe(503);
  expect(open.headers['proxy-status']).toContain('error=destination_unavailable');
  expect(Number(open.headers['retry-after'])).toBeGreaterThan(0);
});

it('leaves other routes untouched', async () => {
  const answers = await Promise.all([
    ...Array.from({ length: 20 }, getUser),
    family.mobile.client.get('/api/mobile/products'),
  ]);
  expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 21 });
});

it('sends one probe when the reset time is over, and everything after it has gone well', async () => {
  const { orders } = family.stack.services;
  await orders.start();
  orders.clearHits();
  // Long enough for the crowd to come by while the probe is out.
  orders.setFaults({ latencyMs: 1_000 });
  const early: Promise<unknown>[] = [];
  await until(() => {
    early.push(getOrders());
    return asked() > 0;
  });
  expect(tally((await crowd(50)).map(({ status }) => status))).toEqual({ 503: 50 });
  expect(asked()).toBe(1);
  orders.clearFaults();
  await Promise.all(early);
  expect(tally((await crowd(50)).map(({ status }) => status))).toEqual({ 200: 50 });
  expect(await circuit()).toBe(0);
});
