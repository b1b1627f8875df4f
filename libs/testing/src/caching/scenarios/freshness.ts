import { Topic } from '../scenario.ts';

const days = 86_400;
const topic = new Topic('freshness');

topic.notReused('nothing says that it may be kept', []);
topic.reused('max-age in the future', [['Cache-Control', 'max-age=3600']]);
topic.notReused('max-age has passed', [['Cache-Control', 'max-age=2']]);
topic.notReused('max-age of nothing', [['Cache-Control', 'max-age=0']]);
topic.notReused('a negative max-age', [['Cache-Control', 'max-age=-3600']]);
for (const seconds of ['2147483647', '2147483648', '2147483649', '99999999999']) {
  topic.reused(`max-age of ${seconds} s`, [['Cache-Control', `max-age=${seconds}`]]);
}
topic.notReused('older by its Age than max-age', [
  ['Cache-Control', 'max-age=3600'],
  ['Age', '7200'],
]);
topic.notReused('older by its Date than max-age', [
  ['Cache-Control', 'max-age=3600'],
  ['Date', -7200],
]);
topic.reused('max-age beside an Expires that has passed', [
  ['Cache-Control', 'max-age=3600'],
  ['Expires', -7200],
]);
topic.reused('max-age beside an Expires that is no date', [
  ['Cache-Control', 'max-age=3600'],
  ['Expires', '0'],
]);
topic.notReused('max-age of nothing beside an Expires to come', [
  ['Expires', 3600],
  ['Cache-Control', 'max-age=0'],
]);
topic.reused('max-age after an unknown directive', [['Cache-Control', 'unheard-of, max-age=3600']]);
topic.reused('max-age in another case', [['Cache-Control', 'mAx-AgE=3600']]);
topic.reused('s-maxage in the future', [['Cache-Control', 's-maxage=3600']]);
topic.notReused('a short s-maxage after a long max-age', [['Cache-Control', 'max-age=3600, s-maxage=1']]);
topic.notReused('a short s-maxage before a long max-age', [['Cache-Control', 's-maxage=1, max-age=3600']]);
topic.notReused('a short s-maxage on a line of its own', [
  ['Cache-Control', 'max-age=3600'],
  ['Cache-Control', 's-maxage=1'],
]);
topic.reused('a long s-maxage after a short max-age', [['Cache-Control', 'max-age=1, s-maxage=3600']]);
topic.reused('a long s-maxage against max-age=0 and Expires', [
  ['Expires', -10],
  ['Cache-Control', 'max-age=0, s-maxage=3600'],
]);

topic.reused('Expires to come', [['Expires', 30 * days]]);
topic.notReused('Expires has passed', [['Expires', -30 * days]]);
topic.notReused('Expires is now', [['Expires', 0]]);
topic.notReused('Expires before Date, both ahead', [
  ['Expires', 300],
  ['Date', 400],
]);
topic.notReused('Expires is no date', [['Expires', '0']]);
topic.better(
  'Expires with a Date that is none',
  {
    answer: {
      headers: [
        ['Date', 'yesterday'],
        ['Expires', 10],
      ],
    },
  },
  { expect: { from: 'store' } },
);
topic.notReused('older by Age than Expires after a late Date', [
  ['Date', -10],
  ['Expires', 10],
  ['Age', '25'],
]);
topic.notReused('older by Age than Expires after an early Date', [
  ['Date', 10],
  ['Expires', 20],
  ['Age', '15'],
]);

const guessed = [
  [200, true],
  [201, false],
  [202, false],
  [203, true],
  [204, true],
  [403, false],
  [404, true],
  [405, true],
  [410, true],
  [414, true],
  [501, true],
  [502, false],
  [503, false],
  [504, false],
  [599, false],
] as const;
for (const [status, may] of guessed) {
  const name = `a ${status} that changed a day ago`;
  if (may) topic.reused(name, [['Last-Modified', -days]], { status });
  else topic.notReused(name, [['Last-Modified', -days]], { status });
}
topic.reused(
  'an unknown status that is public and changed a day ago',
  [
    ['Last-Modified', -days],
    ['Cache-Control', 'public'],
  ],
  { status: 599 },
);

export const freshness = topic.scenarios;
