import { GatewayError, toProblem } from '@facet/errors';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { nullable } from './nullable.ts';
import { pageSchema, pageView } from './page.ts';
import { picked } from './selection/picked.ts';
import { selectedAnswer, upstreamAnswer } from './upstream-answer.ts';

const order = upstreamAnswer('orders', Type.Object({ id: Type.String(), note: nullable(Type.String()) }));

describe('upstreamAnswer', () => {
  it('answers the body itself, unknown members included', () => {
    const body = { id: 'o1', note: null, added: { later: true } };
    expect(order.check(body)).toBe(body);
  });

  it.each([[null], [undefined], ['text'], [[]], [{}], [{ id: 1, note: null }], [{ id: 'o1' }]])(
    'refuses %j as an answer not understood, telling the client nothing of it',
    (body) => {
      let thrown: unknown;
      try {
        order.check(body);
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

describe('selectedAnswer', () => {
  const whole = Type.Object({
    id: Type.String(),
    note: nullable(Type.String()),
    gift: Type.Optional(Type.Boolean()),
    total: Type.Integer(),
  });
  const selected = selectedAnswer('orders', picked(whole, ['note', 'gift', 'id']));
  const answer = (body: unknown) => selected.check(selected.reader?.read(Buffer.from(JSON.stringify(body))));

  it('has nothing but the members that were picked', () => {
    expect(answer({ id: 'o1', note: null, gift: true, total: 1, added: 1 })).toEqual({
      id: 'o1',
      note: null,
      gift: true,
    });
  });

  it('asks for them as the whole schema does, and for no others', () => {
    expect(answer({ id: 'o1', note: null, total: 'broken' })).toEqual({ id: 'o1', note: null });
    expect(() => answer({ id: 'o1' })).toThrow(GatewayError);
    expect(() => answer({ id: 'o1', note: null, gift: 'no' })).toThrow(GatewayError);
    expect(() => answer([])).toThrow(GatewayError);
  });

  it('names what it reads; a whole answer reads in no way of its own', () => {
    expect(selected.reader?.key).toBe('(gift,id,note)');
    expect(order.reader).toBeUndefined();
  });
});

describe('pages', () => {
  it('are checked as a whole and shaped item by item', () => {
    const page = upstreamAnswer('orders', pageSchema(Type.Object({ n: Type.Integer() })));
    const body = { items: [{ n: 1, x: 1 }, { n: 2 }], nextCursor: null, total: 2 };
    expect(pageView(page.check(body), ({ n }) => n * 2)).toEqual({ items: [2, 4], nextCursor: null });
    expect(() => page.check({ items: [{ n: 'x' }], nextCursor: null })).toThrow(GatewayError);
    expect(() => page.check({ items: [] })).toThrow(GatewayError);
  });
});
