/** Numbers below `limit`, the same for every run (mulberry32). */
type Dice = (limit: number) => number;

function dice(seed: number): Dice {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const spaces = ['', '', '', '', '', ' ', '\n', '\t', '\r\n', '  \n\t ', '\f', '\u00a0'];
const scalars = [
  ...['0', '-0', '-0.0', '7', '12990', '-1', '1.5', '-12.25e-3', '1E5', '1e+400', '5e-324', '0e0', '0.1'],
  ...['9007199254740993', '123456789012345', '1234567890123456', '123456789012345678901234567890'],
  ...[
    'null',
    'true',
    'false',
    '""',
    '"a"',
    '"delivered"',
    '"Über"',
    '"日本"',
    '"\ud83d\ude00"',
    '"\u2028"',
    '"\x7f"',
  ],
  ...[
    '"\\n"',
    '"\\u0041\\"\\\\\\/\\b\\f\\r\\t"',
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"x\\u00e9y"',
    '"__proto__"',
  ],
  ...['{}', '[]', '[[]]', '{"a":{}}', '[{"b":[1,{"c":"]}"}]}]'],
];
const faulty = [
  ...[
    '01',
    '-',
    '+1',
    '1.',
    '.5',
    '1e',
    '1e+',
    '0x1',
    'NaN',
    '-01',
    '1-',
    '1e5.5',
    'nul',
    'True',
    'falsey',
    'undefined',
  ],
  ...[
    '"',
    "'a'",
    '"\n"',
    '"\t"',
    '"\0"',
    '"\\x"',
    '"\\u12g4"',
    '"\\u12"',
    '"\\"',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1',
    '{',
    '}',
  ],
  ...[
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{1:1}',
    '[1}',
    '{"a":1]',
    '',
    '//',
    '\ufeff1',
  ],
];

/** One JSON text a seed, or what is nearly one: every form of value, space and name; `names` come often. */
export function jsonText(seed: number, names: readonly string[]): string {
  const roll = dice(seed);
  const pick = <T>(from: readonly T[]): T => from[roll(from.length)] as T;
  const isFaulty = roll(4) === 0;
  const others = [
    'x',
    'idx',
    'i',
    'later',
    '__proto__',
    'constructor',
    'toString',
    'Ünïcode',
    'a"b',
    '0',
    '',
  ];
  const space = (): string => pick(isFaulty ? spaces : spaces.slice(0, -2));

  const name = (): string => {
    const [first = '', ...rest] = roll(4) === 0 ? pick(others) : pick(names);
    const code = first.charCodeAt(0).toString(16).padStart(4, '0');
    if (first !== '' && roll(60) === 0) return `"\\u${code}${rest.join('')}"`;
    return JSON.stringify(first + rest.join(''));
  };
  const list = (one: () => string): string =>
    Array.from({ length: roll(6) }, () => space() + one() + space()).join(',') || space();
  const value = (depth: number): string => {
    if (isFaulty && roll(30) === 0) return pick(faulty);
    if (roll(400) === 0) return nested(25 + roll(10));
    const kind = depth === 0 ? 0 : roll(6);
    if (kind <= 1) return pick(scalars);
    if (kind === 2) return `[${list(() => value(depth - 1))}]`;
    return `{${list(() => `${name()}${space()}:${space()}${value(depth - 1)}`)}}`;
  };
  const nested = (levels: number): string => {
    const isList = roll(2) === 0;
    return isList
      ? '['.repeat(levels) + ']'.repeat(levels)
      : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  };
  return space() + value(6) + space();
}
