import { Topic } from '../scenario.ts';

const topic = new Topic('changes');
const fresh = { answer: { headers: [['Cache-Control', 'max-age=100000'] as const] }, pause: 3 };

for (const method of ['POST', 'PUT', 'DELETE', 'M-SEARCH']) {
  topic.must(`${method} ends what is stored`, fresh, { method }, { expect: { from: 'origin' } });
  topic.better(
    `${method} that failed ends nothing`,
    fresh,
    { method, answer: { status: 500 } },
    { expect: { from: 'store' } },
  );
  for (const field of ['Location', 'Content-Location']) {
    topic.better(
      `${method} ends what ${field} names`,
      { ...fresh, path: '/other' },
      {
        method,
        answer: { headers: [[field, `${encodeURIComponent(`${method} ends what ${field} names`)}/other`]] },
      },
      { path: '/other', expect: { from: 'origin' } },
    );
    topic.must(
      `${method} ends nothing of another host that ${field} names`,
      { ...fresh, path: '/other' },
      { method, answer: { headers: [[field, 'http://elsewhere.example/other']] } },
      { path: '/other', expect: { from: 'store' } },
    );
  }
}
topic.must(
  'another query is another answer',
  { ...fresh, path: '?a=1' },
  { path: '?a=2', expect: { from: 'origin' } },
);
topic.better(
  'the same query is the same answer',
  { ...fresh, path: '?a=1' },
  { path: '?a=1', expect: { from: 'store' } },
);
topic.better('HEAD out of what GET stored', fresh, { method: 'HEAD', expect: { from: 'store', body: '' } });
topic.must(
  'HEAD of something new ends what is stored',
  {
    answer: {
      headers: [
        ['Cache-Control', 'max-age=2'],
        ['ETag', '"one"'],
      ],
    },
    pause: 3,
  },
  {
    method: 'HEAD',
    answer: {
      headers: [
        ['Cache-Control', 'max-age=100'],
        ['ETag', '"two"'],
      ],
    },
    expect: { from: 'origin' },
  },
  { answer: { headers: [['ETag', '"two"']] }, expect: { from: 'origin' } },
);

export const changes = topic.scenarios;
