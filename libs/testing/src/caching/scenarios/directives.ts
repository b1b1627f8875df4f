import { type ScriptedField, Topic } from '../scenario.ts';

const topic = new Topic('directives');
const long: ScriptedField[] = [['Expires', 10_000]];

topic.notReused('private', [['Cache-Control', 'private, max-age=3600']]);
topic.notReused('no-store', [['Cache-Control', 'no-store']]);
topic.notReused('no-store in another case', [['Cache-Control', 'No-StOrE']]);
topic.notReused('no-store beside freshness', [['Cache-Control', 'max-age=10000, no-store'], ...long]);
topic.notReused('no-cache beside freshness', [['Cache-Control', 'max-age=10000, no-cache'], ...long]);
topic.notReused('no-cache in another case', [['Cache-Control', 'max-age=10000, No-CaChE'], ...long]);
for (const value of ['no-cache', 'max-age=10000, no-cache']) {
  topic.better(
    `${value} with an entity tag is confirmed before use`,
    {
      answer: {
        headers: [
          ['Cache-Control', value],
          ['ETag', '"one"'],
        ],
      },
    },
    { expect: { from: 'etag' } },
  );
}
for (const directive of ['no-cache', 'private']) {
  topic.better(
    `${directive} for two fields leaves them out`,
    {
      answer: {
        headers: [
          ['Cache-Control', `${directive}="a, b"`],
          ['A', '1'],
          ['B', '2'],
          ['C', '3'],
          ['Cache-Control', 'max-age=3600'],
        ],
      },
      pause: 3,
    },
    { expect: { from: 'store', headers: [['C', '3']], without: ['A', 'B'] } },
  );
}
const revalidated: ScriptedField[] = [
  ['Cache-Control', 'max-age=2, must-revalidate'],
  ['ETag', '"one"'],
];
topic.better(
  'must-revalidate while fresh',
  {
    answer: {
      headers: [
        ['Cache-Control', 'max-age=10000, must-revalidate'],
        ['ETag', '"one"'],
      ],
    },
  },
  { expect: { from: 'store' } },
);
topic.must(
  'must-revalidate once stale',
  { answer: { headers: revalidated } },
  { answer: { headers: revalidated }, expect: { from: 'store' }, pause: 3 },
  { expect: { from: 'etag' } },
);
topic.notReused(
  'no-store with must-understand and a status unheard of',
  [['Cache-Control', 'max-age=3600, no-store, must-understand']],
  { status: 599 },
);
topic.reused('no-store with must-understand and a status known', [
  ['Cache-Control', 'max-age=3600, no-store, must-understand'],
]);

const credentials: ScriptedField[] = [['Authorization', 'Basic Zm9vOmJhcg==']];
topic.must(
  'an answer to Authorization',
  { headers: credentials, answer: { headers: [['Cache-Control', 'max-age=100000']] }, pause: 3 },
  { expect: { from: 'origin' } },
);
for (const value of ['max-age=3600, public', 'max-age=3600, must-revalidate', 's-maxage=3600']) {
  topic.better(
    `an answer to Authorization with ${value}`,
    { headers: credentials, answer: { headers: [['Cache-Control', value]] }, pause: 3 },
    { expect: { from: 'store' } },
  );
}
topic.better(
  'a request with Cookie',
  { answer: { headers: [['Cache-Control', 'max-age=3600']] }, pause: 3 },
  { headers: [['Cookie', 'a=b']], expect: { from: 'store' } },
);

const wish = (
  name: string,
  value: string,
  answer: ScriptedField[],
  from: 'store' | 'origin',
  pause = 3,
): void =>
  topic.better(
    `asked with ${value} ${name}`,
    { answer: { headers: answer }, pause },
    { headers: [['Cache-Control', value]], expect: { from } },
  );
wish('while fresh', 'max-age=0', [['Cache-Control', 'max-age=100000']], 'origin');
wish('when older', 'max-age=1', [['Cache-Control', 'max-age=100000']], 'origin');
wish(
  'when older by its Age',
  'max-age=600',
  [
    ['Cache-Control', 'max-age=3600'],
    ['Age', '1800'],
  ],
  'origin',
  0,
);
wish('when stale', 'max-stale=1000', [['Cache-Control', 'max-age=1']], 'store');
wish(
  'when stale by its Age',
  'max-stale=1000',
  [
    ['Cache-Control', 'max-age=1500'],
    ['Age', '2000'],
    ['ETag', '"a"'],
  ],
  'store',
  0,
);
wish('when less is left', 'min-fresh=2000', [['Cache-Control', 'max-age=1500']], 'origin', 0);
wish(
  'when less is left by its Age',
  'min-fresh=1000',
  [
    ['Cache-Control', 'max-age=1500'],
    ['Age', '1000'],
  ],
  'origin',
  0,
);
wish('while fresh', 'no-cache', [['Cache-Control', 'max-age=3600']], 'origin', 0);
wish('while fresh', 'no-store', [['Cache-Control', 'max-age=3600']], 'origin', 0);
wish('while immutable', 'max-age=0', [['Cache-Control', 'max-age=3600, immutable']], 'store', 0);
topic.better(
  'asked with no-cache for a tagged answer',
  {
    answer: {
      headers: [
        ['Cache-Control', 'max-age=3600'],
        ['ETag', '"a"'],
      ],
    },
  },
  { headers: [['Cache-Control', 'no-cache']], expect: { from: 'etag' } },
);
topic.better('asked with only-if-cached for nothing', {
  headers: [['Cache-Control', 'only-if-cached']],
  expect: { failure: true },
});

export const directives = topic.scenarios;
