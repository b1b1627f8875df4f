import { type LoadRequest } from './load.ts';

/** A read of one's own profile: one call of one upstream. */
export function getUser(token: string): LoadRequest {
  return { method: 'GET', path: '/api/mobile/user', headers: { authorization: `Bearer ${token}` } };
}

/** A read that needs no credential. */
export const getProducts: LoadRequest = { method: 'GET', path: '/api/mobile/products?limit=1', headers: {} };

/** A write that nobody may repeat: without an idempotency key. */
export function postOrder(token: string): LoadRequest {
  return post(
    '/orders',
    { items: [{ productId: 'prd_0001', quantity: 1 }] },
    { authorization: `Bearer ${token}` },
  );
}

export function postLogin(username: string): LoadRequest {
  return post('/auth/login', { username, password: 'demo' });
}

export function postLogout(token: string, refreshToken: string): LoadRequest {
  return post('/auth/logout', { refreshToken }, { authorization: `Bearer ${token}` });
}

export function postCharge(apiKey: string): LoadRequest {
  return post('/payments/charge', { amount: 100, currency: 'EUR' }, { 'x-api-key': apiKey });
}

function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): LoadRequest {
  return {
    method: 'POST',
    path: `/api/mobile${path}`,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
