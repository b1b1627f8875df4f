import { describe, expect, it } from '@jest/globals';
import { ok } from './exchange.ts';
import { HttpFault } from './http-fault.ts';
import { createRouter } from './router.ts';

const router = createRouter({
  'GET /orders': () => ok('list'),
  'POST /orders': () => ok('new'),
  'GET /orders/:id': () => ok('one'),
});

const faultOf = (work: () => unknown): HttpFault => {
  try {
    work();
  } catch (error) {
    if (error instanceof HttpFault) return error;
  }
  throw new Error('expected an HttpFault');
};

describe('createRouter', () => {
  it('decodes a parameter, which stays one segment', () => {
    expect(router('GET', '/orders/a%2Fb%20c').params).toEqual({ id: 'a/b c' });
  });

  it.each(['/', '/orders/', '/orders/1/items', '/Orders', ''])('knows nothing at %p', (path) => {
    expect(faultOf(() => router('GET', path)).status).toBe(404);
  });

  it('names the methods a path takes', () => {
    const fault = faultOf(() => router('DELETE', '/orders'));
    expect([fault.status, fault.headers['allow']]).toEqual([405, 'GET, POST']);
  });

  it('refuses broken percent-encoding', () => {
    expect(faultOf(() => router('GET', '/orders/%E0%A4%A')).status).toBe(400);
  });
});
