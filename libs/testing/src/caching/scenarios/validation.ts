import { type ScriptedField, Topic } from '../scenario.ts';

const topic = new Topic('validation');
const fresh = (...headers: ScriptedField[]) => ({
  answer: { headers: [['Cache-Control', 'max-age=100000'] as const, ...headers] },
  pause: 3,
});
const staleSoon = (...headers: ScriptedField[]) => ({
  answer: { headers: [['Cache-Control', 'max-age=2'] as const, ...headers] },
  pause: 3,
});

const notModified = (name: string, etag: string, sent: string): void =>
  topic.better(name, fresh(['ETag', etag]), {
    headers: [['If-None-Match', sent]],
    expect: { from: 'store', status: 304, headers: [['ETag', etag]] },
  });
notModified('the same strong tag', '"abc"', '"abc"');
notModified('the same weak tag', 'W/"abc"', 'W/"abc"');
notModified('the tag first of three', '"abc"', '"abc", "def", "ghi"');
notModified('the tag in the middle', '"abc"', '"def", "abc", "ghi"');
notModified('the tag at the end', '"abc"', '"def", "ghi", "abc"');
notModified('any tag', '"abc"', '*');
topic.must('the tag counts before the date', fresh(['ETag', '"abc"'], ['Last-Modified', -5000]), {
  headers: [
    ['If-None-Match', '"abc"'],
    ['If-Modified-Since', -9000],
  ],
  expect: { from: 'store', status: 304 },
});
topic.must('another tag though the date fits', fresh(['ETag', '"abc"'], ['Last-Modified', -5000]), {
  headers: [
    ['If-None-Match', '"def"'],
    ['If-Modified-Since', -1],
  ],
  expect: { from: 'store', status: 200 },
});
topic.better('the same date', fresh(['Last-Modified', -3000]), {
  headers: [['If-Modified-Since', -3000]],
  expect: { from: 'store', status: 304 },
});
topic.better('a later date', fresh(['Last-Modified', -3000]), {
  headers: [['If-Modified-Since', -2000]],
  expect: { from: 'store', status: 304 },
});
topic.must('an earlier date', fresh(['Last-Modified', -3000]), {
  headers: [['If-Modified-Since', -4000]],
  expect: { from: 'store', status: 200 },
});
topic.better('the date in the form of RFC 850', fresh(['Last-Modified', 'Thu, 01 Jan 2026 00:00:00 GMT']), {
  headers: [['If-Modified-Since', 'Thursday, 01-Jan-26 00:00:00 GMT']],
  expect: { from: 'store', status: 304 },
});
topic.better('the date once stale, after the origin confirmed it', staleSoon(['Last-Modified', -3000]), {
  headers: [['If-Modified-Since', -3000]],
  expect: { from: 'date', status: 304 },
});

topic.better('a stale answer is confirmed by its tag', staleSoon(['ETag', '"abc"']), {
  expect: { from: 'etag', sent: [['If-None-Match', '"abc"']] },
});
topic.better('a stale answer is confirmed by its weak tag', staleSoon(['ETag', 'W/"abc"']), {
  expect: { from: 'etag', sent: [['If-None-Match', 'W/"abc"']] },
});
topic.must(
  'the fields it varies by are asked with',
  { headers: [['Abc', '123']], ...staleSoon(['ETag', '"abc"'], ['Vary', 'Abc']) },
  { headers: [['Abc', '123']], expect: { from: 'etag', sent: [['Abc', '123']] } },
);
topic.better('a condition without anything stored goes along', {
  headers: [['If-None-Match', '"abc"']],
  expect: { from: 'origin', sent: [['If-None-Match', '"abc"']] },
});
export const validation = topic.scenarios;
