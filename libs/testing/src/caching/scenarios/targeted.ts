import { Topic } from '../scenario.ts';

const topic = new Topic('targeted');
const cdn = 'CDN-Cache-Control';

topic.reused('max-age', [[cdn, 'max-age=3600']]);
topic.reused('max-age of 2147483648 s', [[cdn, 'max-age=2147483648']]);
topic.reused('max-age of 99999999999 s', [[cdn, 'max-age=99999999999']]);
topic.reused('max-age after an unknown directive', [[cdn, 'unheard-of, max-age=3600']]);
topic.reused('max-age against an Expires that has passed', [
  [cdn, 'max-age=3600'],
  ['Expires', -10_000],
]);
topic.reused('max-age against an Expires that is no date', [
  [cdn, 'max-age=3600'],
  ['Expires', '0'],
]);
topic.reused('a long max-age against a short one', [
  ['Cache-Control', 'max-age=1'],
  [cdn, 'max-age=3600'],
]);
topic.must(
  'max-age against no-store',
  {
    answer: {
      headers: [
        ['Cache-Control', 'no-store'],
        [cdn, 'max-age=10000'],
      ],
    },
    pause: 3,
  },
  { expect: { from: 'store' } },
);
topic.notReused('older by Age', [
  [cdn, 'max-age=3600'],
  ['Age', '7200'],
]);
topic.notReused('max-age of nothing', [[cdn, 'max-age=0']]);
topic.notReused('max-age of nothing against Expires', [
  [cdn, 'max-age=0'],
  ['Expires', 10_000],
]);
topic.notReused('a short max-age against a long one', [
  ['Cache-Control', 'max-age=3600'],
  [cdn, 'max-age=1'],
]);
for (const directive of ['private', 'no-cache', 'no-store']) {
  topic.notReused(`${directive} against max-age`, [
    [cdn, directive],
    ['Cache-Control', 'max-age=10000'],
    ['Expires', 10_000],
  ]);
}
topic.notReused('no structured field, so no-store holds', [
  [cdn, 'max-age=10000, &&&&&'],
  ['Cache-Control', 'no-store'],
]);
topic.notReused('a number in quotes, so nothing is fresh', [
  [cdn, 'max-age="10000"'],
  ['Cache-Control', 'no-store'],
]);
topic.notReused('gaps, so the other max-age holds', [
  ['Cache-Control', 'max-age=1'],
  [cdn, 'max-age= 100'],
]);

export const targeted = topic.scenarios;
