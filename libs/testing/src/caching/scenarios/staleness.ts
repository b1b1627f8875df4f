import { type ScriptedField, Topic } from '../scenario.ts';

const topic = new Topic('staleness');
const answer = (cacheControl: string, ...more: ScriptedField[]) => ({
  answer: { headers: [['Cache-Control', cacheControl] as const, ...more] },
  pause: 3,
});
const silent = { answer: { silent: true as const } };

for (const directive of ['must-revalidate', 'proxy-revalidate', 'no-cache', 's-maxage=2']) {
  topic.must(`${directive} and no answer`, answer(`max-age=2, ${directive}`), {
    ...silent,
    expect: { failure: true },
  });
}
for (const directive of ['must-revalidate', 'proxy-revalidate', 'no-cache']) {
  topic.must(
    `${directive} overrides both windows`,
    answer(`max-age=2, ${directive}, stale-while-revalidate=60, stale-if-error=60`, ['ETag', '"tag"']),
    { ...silent, expect: { failure: true } },
  );
}
for (const directive of ['must-revalidate', 'proxy-revalidate', 's-maxage=2']) {
  topic.must(`${directive} overrides what a client would take`, answer(`max-age=2, ${directive}`), {
    headers: [['Cache-Control', 'max-stale']],
    expect: { from: 'origin' },
  });
}
topic.must('nothing said and no answer', answer('max-age=2'), { ...silent, expect: { failure: true } });
topic.better('stale-if-error and no answer', answer('max-age=2, stale-if-error=60'), {
  ...silent,
  expect: { from: 'store' },
});
for (const status of [500, 502, 503, 504]) {
  topic.better(`stale-if-error and a ${status}`, answer('max-age=2, stale-if-error=60'), {
    answer: { status },
    expect: { from: 'store', status: 200 },
  });
}
topic.must('stale-if-error and a 404', answer('max-age=2, stale-if-error=60'), {
  answer: { status: 404 },
  expect: { from: 'origin', status: 404 },
});
topic.must('stale-if-error once its window is over', answer('max-age=1, stale-if-error=1'), {
  answer: { status: 503 },
  expect: { from: 'origin', status: 503 },
});
topic.better(
  'stale-while-revalidate inside its window',
  answer('max-age=1, stale-while-revalidate=3600', ['ETag', '"abc"']),
  { expect: { from: 'store' } },
);
topic.must(
  'stale-while-revalidate fetches what comes next',
  answer('max-age=1, stale-while-revalidate=4', ['ETag', '"abc"']),
  { ...answer('no-cache', ['ETag', '"def"']), expect: { from: 'store' } },
  { expect: { from: 'origin' } },
);
topic.must(
  'stale-while-revalidate once its window is over',
  answer('max-age=1, stale-while-revalidate=1', ['ETag', '"abc"']),
  { expect: { from: 'origin' } },
);

export const staleness = topic.scenarios;
