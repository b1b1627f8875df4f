import { GatewayError, toProblem } from '@facet/errors';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { nullable } from './nullable.ts';
import { pageSchema, pageView } from './page.ts';
import { upstreamAnswer } from './upstream-answer.ts';

const order = upstreamAnswer('orders', Type.Object({ id: Type.String(), note: nullable(Type.String()) }));

describe('upstreamAnswer', () => {
  it('answers the body itself, unknown members included', () => {
    const body = { id: 'o1', note: null, added: { later: true } };
    expect(order(body)).toBe(body);
  });

  it.each([[null], [undefined], ['text'], [[]], [{}], [{ id: 1, note: null }], [{ id: 'o1' }]])(
    'refuses %j as an answer not understood, telling the client nothing of it',
    (body) => {
      let thrown: unknown;
      try {
        order(body);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(GatewayError);
      const error = thrown as GatewayError;
      expect(error).toMatchObject({ reason: 'upstream_protocol_error', options: { upstream: 'orders' } });
      expect(toProblem(error, '1').detail).toBe('Upstream answer not understood');
      expect(error.cause).toBeInstanceOf(TypeError);
    },
  );
});

describe('pages', () => {
  it('are checked as a whole and shaped item by item', () => {
    const page = upstreamAnswer('orders', pageSchema(Type.Object({ n: Type.Integer() })));
    const body = { items: [{ n: 1, x: 1 }, { n: 2 }], nextCursor: null, total: 2 };
    expect(pageView(page(body), ({ n }) => n * 2)).toEqual({ items: [2, 4], nextCursor: null });
    expect(() => page({ items: [{ n: 'x' }], nextCursor: null })).toThrow(GatewayError);
    expect(() => page({ items: [] })).toThrow(GatewayError);
  });
});
