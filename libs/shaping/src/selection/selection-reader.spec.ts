import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import { Type } from 'typebox';
import { nullable } from '../nullable.ts';
import { planOf } from './plan.ts';
import { pruned } from './pruned.ts';
import { SelectionReader } from './selection-reader.ts';
import { jsonText } from './test-doubles/json-texts.ts';

const money = Type.Object({ amount: Type.Integer(), currency: Type.String() });
const schema = Type.Object({
  id: Type.String(),
  note: nullable(Type.String()),
  total: money,
  items: Type.Array(Type.Object({ sku: Type.String(), price: nullable(money) })),
  grid: Type.Array(Type.Array(Type.Object({ a: Type.Number() }))),
  tags: Type.Array(Type.String()),
  attributes: Type.Record(Type.String(), Type.Object({ a: Type.Number() })),
  any: Type.Unsafe({ type: 'object' }),
  none: Type.Object({}),
});
const names = [
  'id',
  'note',
  'total',
  'amount',
  'currency',
  'items',
  'sku',
  'price',
  'grid',
  'a',
  'tags',
  'attributes',
];

const reader = new SelectionReader(schema);
const read = (text: string | Buffer, by = reader) => by.read(Buffer.from(text));

/** What becomes of a body: its value, or `SyntaxError`. */
function outcome(make: () => unknown): unknown {
  try {
    return { value: make() };
  } catch (error) {
    if (error instanceof SyntaxError) return 'SyntaxError';
    throw error;
  }
}

/** Whether a body is read as `JSON.parse` reads it; the order of members counts too. */
function isReadRight(body: Buffer, by = reader, shape: Parameters<typeof planOf>[0] = schema): boolean {
  const plan = planOf(shape);
  const expected = outcome(() => pruned(JSON.parse(body.toString('utf8')), plan));
  const actual = outcome(() => by.read(body));
  return isDeepStrictEqual(actual, expected) && JSON.stringify(actual) === JSON.stringify(expected);
}

describe('SelectionReader', () => {
  it('reads the members its schema names, at every depth', () => {
    const body = `{"later":[1,{"x":"}"}],"id":"o1","note":null,"total":{"amount":5,"rate":1.5,"currency":"EUR"},
      "items":[{"sku":"a","cost":{"amount":1}},{"price":{"amount":-1,"x":0},"sku":"b"}],
      "grid":[[{"a":1,"b":2}],[]],"tags":["x","y"]}`;
    expect(read(body)).toEqual({
      id: 'o1',
      note: null,
      total: { amount: 5, currency: 'EUR' },
      items: [{ sku: 'a' }, { price: { amount: -1 }, sku: 'b' }],
      grid: [[{ a: 1 }], []],
      tags: ['x', 'y'],
    });
  });

  it('reads whole what has no members of its own: records, objects without any, what has another shape', () => {
    expect(
      read(
        '{"attributes":{"x":{"a":1,"b":2}},"any":{"x":1},"none":{"x":1},"total":[{"x":1}],"items":{"x":1}}',
      ),
    ).toEqual({
      attributes: { x: { a: 1, b: 2 } },
      any: { x: 1 },
      none: {},
      total: [{ x: 1 }],
      items: { x: 1 },
    });
    expect(read('[{"x":1}]')).toEqual([{ x: 1 }]);
    expect(read('"text"')).toBe('text');
  });

  it('calls JSON.parse for nothing in an ordinary body', () => {
    const parse = jest.spyOn(JSON, 'parse');
    try {
      read('{"id":"Ü","x":{"y":[1.5e3,"\\n"]},"total":{"amount":12,"currency":"EUR"},"note":null}\n');
      expect(parse).not.toHaveBeenCalled();
    } finally {
      parse.mockRestore();
    }
  });

  it('leaves out what is not there, and has the last of several', () => {
    expect(Object.keys(read('{"x":1}') as object)).toEqual([]);
    expect(read('{"id":"a","total":{"amount":1},"id":"b","total":{"currency":"EUR"}}')).toEqual({
      id: 'b',
      total: { currency: 'EUR' },
    });
  });

  it('never sets a prototype', () => {
    const body = '{"__proto__":{"admin":true},"id":"a","any":{"__proto__":{"admin":true}}}';
    const value = read(body) as { admin?: unknown; any: object };
    expect([value.admin, Object.hasOwn(value, '__proto__')]).toEqual([undefined, false]);
    expect(Object.getPrototypeOf(value.any)).toBe(Object.prototype);
    const wanting = Type.Object({ ['__proto__']: Type.Object({ admin: Type.Boolean() }), id: Type.String() });
    const own = read(body, new SelectionReader(wanting)) as object;
    expect(Object.getPrototypeOf(own)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(own, '__proto__')?.value).toEqual({ admin: true });
  });

  it('finds a name however it is spelled', () => {
    expect(read('{"\\u0069d":"a"}')).toEqual({ id: 'a' });
    const wide = new SelectionReader(Type.Object({ größe: Type.Integer(), 'a"b': Type.Integer() }));
    expect(read('{"größe":1,"gr\\u00f6sse":2,"a\\"b":3,"x":4}', wide)).toEqual({ größe: 1, 'a"b': 3 });
  });

  it.each([
    ['nothing', ''],
    ['space', ' \n'],
    ['a byte order mark', '\ufeff{}'],
    ['two values', '{}{}'],
    ['a fault in what is skipped', '{"id":"a","x":{"y":[1,]}}'],
    ['an unknown escape in what is skipped', '{"x":"\\a"}'],
    ['a line end in what is skipped', '{"x":"\n"}'],
    ['a cut', '{"id":"a","x":{"y":1}'],
    ['a number with a leading zero', '{"total":{"amount":01}}'],
  ])('takes no %s', (_, body) => {
    expect(() => read(body)).toThrow(SyntaxError);
  });

  it('goes as deep as JSON.parse', () => {
    const deep = (depth: number) => `{"id":"a","x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    for (const depth of [1, 28, 29, 30, 31, 32, 33, 64, 5_000])
      expect(read(deep(depth))).toEqual({ id: 'a' });
  });

  it('replaces what is no UTF-8', () => {
    const body = Buffer.from('{"id":"a?b","?":1}');
    for (const byte of [0x80, 0xc3, 0xe2, 0xf0, 0xff]) {
      body[8] = byte;
      body[13] = byte;
      expect(read(body)).toEqual({ id: 'a\ufffdb' });
    }
  });

  it('has a key that is equal for equal selections alone', () => {
    const keyOf = (given: Parameters<typeof planOf>[0]) => new SelectionReader(given).key;
    const id = Type.String();
    expect(keyOf(Type.Object({ items: Type.Array(Type.Object({ id, total: money })), next: id }))).toBe(
      '(items[(id,total(amount,currency))],next)',
    );
    expect(keyOf(Type.Object({ a: id, b: id }))).toBe(keyOf(Type.Object({ b: Type.Integer(), a: id })));
    const different = [
      Type.Object({ a: id }),
      Type.Object({ a: Type.Object({}) }),
      Type.Object({ a: Type.Object({ b: id }) }),
      Type.Object({ a: Type.Array(Type.Object({ b: id })) }),
      Type.Object({ a: id, b: id }),
      Type.Object({ 'a,b': id }),
      Type.Object({ 'a(b)': id }),
    ];
    expect(new Set(different.map(keyOf)).size).toBe(different.length);
  });
});

describe('every body is read as JSON.parse reads it', () => {
  // A hundred thousand errors nobody looks at.
  const { stackTraceLimit } = Error;
  beforeAll(() => {
    Error.stackTraceLimit = 0;
  });
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  it('whatever it is made of', () => {
    const wrong: unknown[] = [];
    let sound = 0;
    for (let seed = 1; seed <= 10_000; seed++) {
      const text = jsonText(seed, names);
      if (outcome(() => JSON.parse(text)) !== 'SyntaxError') sound++;
      if (!isReadRight(Buffer.from(text))) wrong.push({ seed, text });
    }
    expect(wrong).toEqual([]);
    // Both kinds came, and often.
    expect(Math.min(sound, 10_000 - sound)).toBeGreaterThan(1_000);
  });

  const sample = Buffer.from(
    '{"x":{"n":[-1.5e+3,true],"s":"\\u00fc\\n"}, "id":"ü1","total":{"amount":12,"y":"","currency":"E\\"R"},' +
      '"note":null,"items":[{"sku":"a","z":0}]}',
  );

  it('however it is cut', () => {
    const wrong = Array.from(sample, (_, length) => sample.subarray(0, length)).filter(
      (cut) => !isReadRight(cut),
    );
    expect(wrong.map(String)).toEqual([]);
  });

  it('whichever byte of it is another', () => {
    const wrong: string[] = [];
    const body = Buffer.from(sample);
    for (const [index, sound] of sample.entries()) {
      for (let byte = 0; byte < 256; byte++) {
        body[index] = byte;
        if (!isReadRight(body)) wrong.push(`${index}: ${byte}`);
      }
      body[index] = sound;
    }
    expect(wrong).toEqual([]);
  });
});
