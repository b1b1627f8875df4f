import { type ScriptedField, Topic } from '../scenario.ts';

const topic = new Topic('ranges');
const digits = {
  answer: {
    body: '0123456789A',
    headers: [
      ['Cache-Control', 'max-age=3600'],
      ['A', '1'],
      ['ETag', '"tag"'],
    ] as ScriptedField[],
  },
};
const part = (range: string, body: string, of: string): void =>
  topic.better(`${range} of what is stored`, digits, {
    headers: [['Range', range]],
    expect: {
      from: 'store',
      status: 206,
      body,
      headers: [
        ['Content-Range', `bytes ${of}/11`],
        ['Content-Length', String(body.length)],
        ['A', '1'],
      ],
    },
  });
part('bytes=0-1', '01', '0-1');
part('bytes=1-', '123456789A', '1-10');
part('bytes=-1', 'A', '10-10');
part('bytes=4-99', '456789A', '4-10');
topic.must('a range beyond the end', digits, {
  headers: [['Range', 'bytes=11-']],
  expect: { from: 'store', status: 416, body: '', headers: [['Content-Range', 'bytes */11']] },
});
topic.must('a range of another version', digits, {
  headers: [
    ['Range', 'bytes=0-1'],
    ['If-Range', '"older"'],
  ],
  expect: { from: 'store', status: 200, body: '0123456789A' },
});
topic.must(
  'a part is never the whole',
  {
    headers: [['Range', 'bytes=0-4']],
    answer: {
      status: 206,
      body: '01234',
      headers: [
        ['Cache-Control', 'max-age=3600'],
        ['Content-Range', 'bytes 0-4/10'],
      ],
    },
  },
  { expect: { from: 'origin' } },
);

export const ranges = topic.scenarios;
