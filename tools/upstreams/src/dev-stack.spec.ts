import { describe, expect, it } from '@jest/globals';
import { call } from './call.fixture.ts';
import { createDevStack, startDevStack } from './dev-stack.ts';
import { type ServiceName } from './model.ts';

describe('startDevStack', () => {
  it('serves all six on free ports of their own', async () => {
    const stack = await startDevStack();
    const names = Object.keys(stack.urls) as ServiceName[];
    expect(names).toEqual(['auth', 'orders', 'payments', 'shipping', 'catalog', 'users']);
    for (const name of names) expect((await call(`${stack.urls[name]}/health`)).body.service).toBe(name);
    expect(new Set(Object.values(stack.urls)).size).toBe(6);
    await stack.stop();
    for (const url of Object.values(stack.urls))
      await expect(call(`${url}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('keeps what was written while one service was down', async () => {
    const stack = await startDevStack({ services: ['orders', 'users'] });
    const json = { customerId: 'usr_free', items: [{ productId: 'prd_0001', quantity: 1 }] };
    const { body } = await call(`${stack.urls.orders}/orders`, { method: 'POST', json });
    await stack.services.orders.stop();
    expect((await call(`${stack.urls.users}/users/usr_free`)).status).toBe(200);
    await stack.services.orders.start();
    expect((await call(`${stack.urls.orders}/orders/${body.id}`)).body).toEqual(body);
    await stack.stop();
  });

  it('gives each stack its own records', async () => {
    const [one, two] = await Promise.all([
      startDevStack({ services: ['orders'] }),
      startDevStack({ services: ['orders'] }),
    ]);
    const json = { customerId: 'usr_free', items: [{ productId: 'prd_0001', quantity: 1 }] };
    const { body } = await call(`${one.urls.orders}/orders`, { method: 'POST', json });
    expect((await call(`${two.urls.orders}/orders/${body.id}`)).status).toBe(404);
    await Promise.all([one.stop(), two.stop()]);
  });

  it('leaves nothing running when a port is taken, and starts once it is free', async () => {
    const first = await startDevStack({ services: ['users'] });
    const taken = Number(new URL(first.urls.users).port);
    const ports = { auth: 0, orders: 0, payments: 0, shipping: 0, catalog: 0, users: taken };
    const second = await createDevStack({ ports });
    await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE', port: taken });
    await expect(call(`${second.urls.auth}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await first.stop();
    await second.start();
    expect((await call(`http://127.0.0.1:${taken}/health`)).body.service).toBe('users');
    await second.stop();
  });

  it('signs with the issuer it is given', async () => {
    const stack = await startDevStack({ services: ['auth'], issuer: 'https://issuer.example' });
    const json = { username: 'free', password: 'demo' };
    const { accessToken } = (await call(`${stack.urls.auth}/login`, { method: 'POST', json })).body;
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1], 'base64url').toString()) as {
      iss: string;
    };
    expect(claims.iss).toBe('https://issuer.example');
    await stack.stop();
  });
});
