import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { Type } from 'typebox';
import { InputCheck } from './input-check.ts';

function violationsOf(check: InputCheck, input: unknown): unknown {
  try {
    check.check(input);
  } catch (error) {
    if (error instanceof GatewayError && error.reason === 'invalid_input') return error.options.violations;
    throw error;
  }
  return [];
}

describe('InputCheck', () => {
  const query = new InputCheck(
    Type.Object({ limit: Type.Integer({ minimum: 1, default: 20 }), all: Type.Optional(Type.Boolean()) }),
    'query',
  );

  it('reads numbers and booleans from text and fills in defaults', () => {
    expect(query.check({ limit: '5', all: 'true' })).toEqual({ limit: 5, all: true });
    expect(query.check({})).toEqual({ limit: 20 });
    expect(query.check(undefined)).toEqual({ limit: 20 });
  });

  it('names every fault of a query', () => {
    expect(violationsOf(query, { limit: '0', 'a/b': '1' })).toEqual([
      { in: 'query', pointer: '/a~1b', message: 'is not known' },
      { in: 'query', pointer: '/limit', message: 'must be >= 1' },
    ]);
    expect(violationsOf(query, { limit: ['1', '2'] })).toHaveLength(1);
  });

  it.each([
    '0x10',
    '0b1',
    '0o7',
    '1e1',
    '1E1',
    '5.0',
    '+5',
    ' 5',
    '5 ',
    '\u00a05',
    '٥',
    '5_0',
    '5n',
    'Infinity',
    '9'.repeat(400),
    '',
  ])('reads %j as no integer, whatever JavaScript does', (limit) => {
    expect(violationsOf(query, { limit })).toEqual([
      { in: 'query', pointer: '/limit', message: 'must be integer' },
    ]);
  });

  it('reads signs, and decimals where they may be', () => {
    const path = new InputCheck(Type.Object({ at: Type.Integer(), share: Type.Number() }), 'path');
    expect(path.check({ at: '-5', share: '0.25' })).toEqual({ at: -5, share: 0.25 });
    expect(path.check({ at: '007', share: '-3' })).toEqual({ at: 7, share: -3 });
    for (const share of ['.5', '5.', '2.5e1', '0x1']) {
      expect(violationsOf(path, { at: '1', share })).toEqual([
        { in: 'path', pointer: '/share', message: 'must be number' },
      ]);
    }
  });

  const body = new InputCheck(
    Type.Object({
      items: Type.Array(Type.Object({ quantity: Type.Integer() })),
      note: Type.Optional(Type.Union([Type.Object({ text: Type.String() }), Type.Null()])),
      extra: Type.Optional(Type.Object({}, { additionalProperties: true })),
    }),
    'body',
  );

  it('never coerces a body', () => {
    expect(violationsOf(body, { items: [{ quantity: '1' }] })).toEqual([
      { in: 'body', pointer: '/items/0/quantity', message: 'must be integer' },
    ]);
    expect(violationsOf(body, undefined)).toEqual([{ in: 'body', pointer: '', message: 'must be object' }]);
  });

  it('closes objects at every depth, but not those that say they are open', () => {
    expect(violationsOf(body, { items: [{ quantity: 1, price: 0 }] })).toEqual([
      { in: 'body', pointer: '/items/0/price', message: 'is not known' },
    ]);
    expect(violationsOf(body, { items: [], note: { text: 'a', more: 1 } })).not.toEqual([]);
    expect(violationsOf(body, { items: [], extra: { anything: 1 } })).toEqual([]);
  });

  it('leaves intersections to themselves', () => {
    const both = new InputCheck(
      Type.Intersect([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.Integer() })]),
      'body',
    );
    expect(both.check({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
  });

  it('refuses a wrong schema when it is made', () => {
    expect(() => new InputCheck({ type: 'objekt' }, 'body')).toThrow();
  });
});
