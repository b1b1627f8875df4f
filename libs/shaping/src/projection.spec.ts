import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { nullable } from './nullable.ts';
import { projection } from './projection.ts';

const schema = Type.Object({
  id: Type.String(),
  note: nullable(Type.String()),
  items: Type.Array(Type.Object({ sku: Type.String() })),
  billing: nullable(Type.Object({ last4: Type.String() })),
  attributes: Type.Record(Type.String(), Type.String()),
  gift: Type.Optional(Type.Boolean()),
});
const view = projection(schema);
const upstream = {
  id: 'o1',
  secret: 1,
  note: null,
  items: [{ sku: 'a', cost: 1 }, { sku: 'b' }],
  billing: { last4: '4242', secret: 1 },
  attributes: { color: 'red' },
};

describe('projection', () => {
  it('copies exactly the members the schema names, at every depth', () => {
    expect(view(upstream)).toEqual({
      id: 'o1',
      note: null,
      items: [{ sku: 'a' }, { sku: 'b' }],
      billing: { last4: '4242' },
      attributes: { color: 'red' },
    });
    expect(view({ ...upstream, billing: null }).billing).toBeNull();
  });

  it('takes optional members when they are there, and never inherits', () => {
    expect(view({ ...upstream, gift: true }).gift).toBe(true);
    expect(Object.keys(view(upstream))).not.toContain('gift');
  });

  it('leaves the upstream value alone', () => {
    const result = view(upstream);
    result.items.pop();
    expect(upstream.items).toHaveLength(2);
  });

  it.each([
    ['an object without members', Type.Unsafe({ type: 'object' })],
    ['an array without items', Type.Object({ a: Type.Unsafe({ type: 'array' }) })],
    [
      'a record of several kinds',
      Type.Unsafe({
        type: 'object',
        patternProperties: { '^a': { type: 'string' }, '^b': { type: 'number' } },
      }),
    ],
  ])('refuses %s when it is made', (_, vague) => {
    expect(() => projection(vague)).toThrow(TypeError);
  });
});
