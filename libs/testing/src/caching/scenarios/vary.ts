import { type ScriptedField, Topic } from '../scenario.ts';

const topic = new Topic('vary');

const varying = (vary: string, headers: ScriptedField[], body?: string) => ({
  headers,
  answer: {
    headers: [
      ['Cache-Control', 'max-age=5000'],
      ['Last-Modified', -3000],
      ['Vary', vary],
    ] as ScriptedField[],
    ...(body === undefined ? {} : { body }),
  },
});
const one: ScriptedField[] = [['Foo', '1']];
const two: ScriptedField[] = [
  ['Foo', '1'],
  ['Bar', 'abc'],
];
const three: ScriptedField[] = [
  ['Foo', '1'],
  ['Bar', 'abc'],
  ['Baz', '789'],
];

const same = (name: string, vary: string, before: ScriptedField[], after: ScriptedField[]): void =>
  topic.better(name, varying(vary, before), { headers: after, expect: { from: 'store' } });
const other = (name: string, vary: string, before: ScriptedField[], after: ScriptedField[]): void =>
  topic.must(name, varying(vary, before), { headers: after, expect: { from: 'origin' } });

same('one field, the same', 'Foo', one, one);
other('one field, another value', 'Foo', one, [['Foo', '2']]);
other('one field, missing at first', 'Foo', [], one);
other('one field, missing then', 'Foo', one, []);
same('other fields may differ', 'Foo', [...one, ['Other', '2']], [...one, ['Other', '3']]);
same('two fields, the same', 'Foo, Bar', two, two);
other('two fields, one differs', 'Foo, Bar', two, [
  ['Foo', '2'],
  ['Bar', 'abc'],
]);
other('two fields, both missing', 'Foo, Bar', two, []);
same('three fields, the same', 'Foo, Bar, Baz', three, three);
other('three fields, one differs', 'Foo, Bar, Baz', three, [
  ['Foo', '2'],
  ['Bar', 'abc'],
  ['Baz', '789'],
]);
other('three fields, one differs, another order', 'Foo, Bar, Baz', three, [
  ['Foo', '1'],
  ['Baz', '789'],
  ['Bar', 'abcde'],
]);
same(
  'three fields, one missing both times',
  'Foo, Bar, Baz',
  [
    ['Foo', '1'],
    ['Baz', '789'],
  ],
  [
    ['Foo', '1'],
    ['Baz', '789'],
  ],
);
same(
  'lines of one field joined',
  'Foo',
  [['Foo', '1, 2']],
  [
    ['Foo', '1'],
    ['Foo', '2'],
  ],
);
same('whitespace around commas', 'Foo', [['Foo', '1,2']], [['Foo', ' 1, 2 ']]);
other('whitespace inside quotes', 'Foo', [['Foo', '"1,2"']], [['Foo', '"1, 2"']]);
same(
  'languages in another order',
  'Accept-Language',
  [['Accept-Language', 'en, de']],
  [['Accept-Language', 'de, en']],
);
same(
  'languages in another case',
  'Accept-Language',
  [['Accept-Language', 'en, de']],
  [['Accept-Language', 'eN, De']],
);
same(
  'languages with gaps',
  'Accept-Language',
  [['Accept-Language', 'en, de']],
  [['Accept-Language', ' en ,   de']],
);
other(
  'languages of other weights',
  'Accept-Language',
  [['Accept-Language', 'en, de;q=0.5']],
  [['Accept-Language', 'en;q=0.5, de']],
);
topic.better(
  'two variants beside one another',
  varying('Foo', one, 'first'),
  { ...varying('Foo', [['Foo', '2']], 'second'), expect: { from: 'origin' } },
  { headers: one, expect: { from: 'store', body: 'first' } },
  { headers: [['Foo', '2']], expect: { from: 'store', body: 'second' } },
);
for (const vary of ['*', '*, *', ', *', '*, Foo', 'Foo, *']) other(`by ${vary}`, vary, three, three);
for (const [first, second] of [
  ['*', '*'],
  ['', '*'],
] as const) {
  topic.must(
    `by "${first}" and "${second}" on two lines`,
    {
      headers: three,
      answer: {
        headers: [
          ['Cache-Control', 'max-age=5000'],
          ['Vary', first],
          ['Vary', second],
        ],
      },
    },
    { headers: three, expect: { from: 'origin' } },
  );
}

export const vary = topic.scenarios;
