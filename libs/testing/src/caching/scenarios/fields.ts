import { Topic } from '../scenario.ts';

const topic = new Topic('fields');

const kept = [
  ['Test-Field', 'first', 'second'],
  ['X-Test-Field', 'first', 'second'],
  ['Content-Thing', 'first', 'second'],
  ['X-Content-Thing', 'first', 'second'],
  ['Cache-Control', 'max-age=1', 'max-age=3600'],
  ['Content-Encoding', 'one', 'two'],
  ['Content-Location', '/one', '/two'],
  ['Content-MD5', 'rL0Y20zC+Fzt72VPzMSk2A==', 'N7UdGUp1E+RbVvZSTy1R8g=='],
  ['Content-Range', 'one', 'two'],
  ['Content-Security-Policy', "default-src 'self'", "default-src 'none'"],
  ['Content-Type', 'text/plain', 'text/plain;charset=utf-8'],
  ['Clear-Site-Data', 'cache', 'cookies'],
  ['ETag', '"one"', '"two"'],
  ['Expires', 'Fri, 01 Jan 2038 01:01:01 GMT', 'Mon, 11 Jan 2038 11:11:11 GMT'],
  ['Public-Key-Pins', 'one', 'two'],
  ['Set-Cookie2', 'a=b', 'a=c'],
  ['X-Frame-Options', 'deny', 'sameorigin'],
  ['X-XSS-Protection', '1', '1; mode=block'],
] as const;
for (const [name, , value] of kept) {
  topic.must(
    `${name} is kept`,
    {
      answer: {
        headers: [
          [name, value],
          ...(name === 'Cache-Control' ? [] : [['Cache-Control', 'max-age=3600'] as const]),
        ],
      },
      pause: 3,
    },
    { expect: { from: 'store', headers: [[name, value]] } },
  );
}
topic.must(
  'Content-Length is kept',
  {
    answer: {
      body: '0123456789',
      headers: [
        ['Content-Length', '10'],
        ['Cache-Control', 'max-age=3600'],
      ],
    },
    pause: 3,
  },
  { expect: { from: 'store', body: '0123456789', headers: [['Content-Length', '10']] } },
);
const dropped = [
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authentication-Info',
  'Proxy-Authorization',
  'Proxy-Connection',
  'TE',
  'Upgrade',
  'RateLimit',
];
for (const name of dropped) {
  topic.must(
    `${name} is not kept`,
    {
      answer: {
        headers: [
          [name, 'something'],
          ['Cache-Control', 'max-age=3600'],
        ],
      },
      pause: 3,
    },
    { expect: { from: 'store', without: [name] } },
  );
}
topic.must(
  'what Connection names is not kept',
  {
    answer: {
      headers: [
        ['Cache-Control', 'max-age=3600'],
        ['Connection', 'a, b'],
        ['A', '1'],
        ['B', '2'],
        ['C', '3'],
      ],
    },
    pause: 3,
  },
  { expect: { from: 'store', headers: [['C', '3']], without: ['A', 'B', 'Connection'] } },
);

topic.must(
  'what a 304 leaves out stays',
  {
    answer: {
      headers: [
        ['Cache-Control', 'max-age=2'],
        ['Last-Modified', -9000],
        ['Test-Field', 'first'],
      ],
    },
    pause: 3,
  },
  { expect: { from: 'date', headers: [['Test-Field', 'first']] } },
);
for (const [name, before, after] of kept) {
  if (['ETag', 'Content-Encoding', 'Content-Range'].includes(name)) continue;
  const lifetime = name === 'Cache-Control' ? [] : [['Cache-Control', 'max-age=2'] as const];
  const kind = /Test-Field|Thing|Cache-Control/.test(name) ? 'must' : 'better';
  topic[kind](
    `${name} is updated by a 304`,
    {
      answer: { headers: [[name, before], ['ETag', '"tag"'], ...lifetime] },
      pause: name === 'Expires' ? 3 : 3,
    },
    {
      answer: { headers: [[name, after], ['ETag', '"tag"'], ...lifetime] },
      expect: { from: 'etag', headers: [[name, after]] },
    },
    { expect: { from: 'store', headers: [[name, after]] } },
  );
}
topic.must(
  'Content-Length is not updated by a 304',
  {
    answer: {
      body: '0123456789',
      headers: [
        ['Content-Length', '10'],
        ['ETag', '"tag"'],
        ['Cache-Control', 'max-age=2'],
      ],
    },
    pause: 3,
  },
  {
    answer: {
      headers: [
        ['Content-Length', '99'],
        ['ETag', '"tag"'],
        ['Cache-Control', 'max-age=2'],
      ],
    },
    expect: { from: 'etag', body: '0123456789', headers: [['Content-Length', '10']] },
  },
  { expect: { from: 'store', body: '0123456789', headers: [['Content-Length', '10']] } },
);

topic.must(
  'Age on what comes out of the store',
  { answer: { headers: [['Cache-Control', 'max-age=100000']] }, pause: 3 },
  { expect: { from: 'store', age: 3 } },
);
for (const lifetime of [
  ['Expires', 30 * 86_400],
  ['Cache-Control', 'max-age=100000'],
] as const) {
  topic.must(
    `Age goes on from what it was, with ${lifetime[0]}`,
    { answer: { headers: [lifetime, ['Age', '30']] }, pause: 3 },
    { expect: { from: 'store', age: 33 } },
  );
  topic.must(
    `Date stays as it was, with ${lifetime[0]}`,
    { answer: { headers: [lifetime, ['Date', 0]] }, pause: 3 },
    { expect: { from: 'store', headers: [['Date', -3]] } },
  );
}

export const fields = topic.scenarios;
