import { Topic } from '../scenario.ts';

const topic = new Topic('parsing');

topic.notReused('max-age inside quotes before the real one', [
  ['Cache-Control', 'x="max-age=3600", max-age=1'],
]);
topic.notReused('max-age inside quotes after the real one', [
  ['Cache-Control', 'max-age=1, x="max-age=3600"'],
]);
topic.must(
  'max-age with zeros in front',
  { answer: { headers: [['Cache-Control', 'max-age=003600']] }, pause: 3 },
  { expect: { from: 'store' } },
);
topic.notReused('max-age in single quotes', [['Cache-Control', "max-age='3600'"]]);
topic.notReused('max-age with a gap before the sign', [['Cache-Control', 'max-age =3600']]);
topic.notReused('max-age with a gap after the sign', [['Cache-Control', 'max-age= 3600']]);
topic.notReused('max-age with letters behind', [['Cache-Control', 'max-age=3600a']]);
topic.notReused('the first of two max-age has passed', [['Cache-Control', 'max-age=1, max-age=3600']]);
topic.notReused('a list of private fields that never ends', [['Cache-Control', 'max-age=3600, private="a']]);

const far = (text: string): void => topic.reused(`Expires as ${text}`, [['Expires', text]]);
const invalid = (text: string): void => topic.notReused(`Expires as ${text}`, [['Expires', text]]);
far('Tue, 19 Jan 2038 14:14:08 GMT');
far('Sun, 21 Nov 2286 04:46:39 GMT');
far('Thursday, 18-Aug-50 02:01:18 GMT');
far('Thu Aug  8 02:01:18 2050');
far('THU, 18 Aug 2050 02:01:18 GMT');
far('Thu, 18 AUG 2050 02:01:18 GMT');
far('Thu, 18 Aug 2050 02:01:18 gMT');
invalid('Thu, 18 Aug 2050 02:01:18 UTC');
invalid('Thu, 18 Aug 2050 02:01:18 AEST');
invalid('Thu, 18 Aug 50 02:01:18 GMT');
invalid('Thu 18 Aug 2050 02:01:18 GMT');
invalid('Thu, 18  Aug  2050 02:01:18 GMT');
invalid('Thu, 18-Aug-2050 02:01:18 GMT');
invalid('Thu, 18 Aug 2050 02.01.18 GMT');
invalid('Thu, 18 Aug 2050 2:01:18 GMT');
topic.notReused('Expires said twice', [
  ['Expires', 'Thu, 18 Aug 2050 02:01:18 GMT'],
  ['Expires', 'Thu, 18 Aug 2050 02:01:19 GMT'],
]);

const age = (name: string, reused: boolean, maxAge: number, ...lines: string[]): void => {
  const headers = [
    ['Cache-Control', `max-age=${maxAge}`] as const,
    ...lines.map((line) => ['Age', line] as const),
  ];
  topic.must(
    `Age: ${name}`,
    { answer: { headers }, pause: 3 },
    { expect: { from: reused ? 'store' : 'origin' } },
  );
};
age('a word', true, 3600, 'old');
age('negative', true, 3600, '-7200');
age('a fraction', true, 3600, '7200.0');
age('2147483647', false, 3600, '2147483647');
age('2147483648', false, 3600, '2147483648');
age('2147483649', false, 3600, '2147483649');
age('old, then new', false, 3600, '7200, 0');
age('new, then old', true, 3600, '0, 7200');
age('old, then new, two lines', false, 3600, '7200', '0');
age('new, then old, two lines', true, 3600, '0', '7200');
age('nothing twice', true, 3600, '0, 0');
age('nothing on two lines', true, 3600, '0', '0');
age('the same on two lines', true, 10_000, '3600', '3600');

export const parsing = topic.scenarios;
