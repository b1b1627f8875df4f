import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { planOf } from './plan.ts';
import { pruned } from './pruned.ts';

const part = Type.Object({ a: Type.Integer() });
const of = (schema: Parameters<typeof planOf>[0], value: unknown) => pruned(value, planOf(schema));

describe('pruned', () => {
  it('keeps the members the schema names, in the order they came', () => {
    const value = { z: 1, list: [{ b: 1, a: 2 }], one: { a: 1, b: 2 } };
    const kept = of(Type.Object({ one: part, list: Type.Array(part) }), value);
    expect(JSON.stringify(kept)).toBe('{"list":[{"a":2}],"one":{"a":1}}');
  });

  it.each([
    ['a record', Type.Record(Type.String(), part)],
    ['an object that names nothing', Type.Unsafe({ type: 'object' })],
    ['a union', Type.Union([part, Type.Object({ b: Type.Integer() })])],
    ['an intersection', Type.Intersect([part, Type.Object({ b: Type.Integer() })])],
    [
      'an object that says more of the rest',
      Type.Object({ a: Type.Integer() }, { additionalProperties: part }),
    ],
    ['an array that names nothing', Type.Unsafe({ type: 'array' })],
    ['a tuple', Type.Tuple([part])],
    ['anything', Type.Unknown()],
  ])('leaves %s whole', (_, schema) => {
    const value = { a: 1, b: { a: 1, b: 2 } };
    expect(of(schema, value)).toBe(value);
    expect(of(schema, [value])).toEqual([value]);
  });

  it.each([[null], [1], ['text'], [[{ b: 1 }]]])('leaves %j whole where an object was expected', (value) => {
    expect(of(part, value)).toBe(value);
  });
});
