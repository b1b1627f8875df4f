/** A stream of repeatable values: the same name gives the same values on every machine, in every run. */
export interface Random {
  /** From 0 (included) to 1 (excluded). */
  fraction(): number;
  /** Both ends included. */
  integer(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** `count` decimal digits. */
  digits(count: number): string;
}

const SEED = 'facet';

/** FNV-1a: spreads names that differ in one character over all 32 bits. */
const hash = (text: string): number => {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return state >>> 0;
};

/** One stream per record, not one for all: a new record or member leaves the others as they were. */
export const randomFor = (...name: (string | number)[]): Random => {
  let state = hash([SEED, ...name].join('/'));
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const integer = (min: number, max: number): number => min + Math.floor(fraction() * (max - min + 1));
  return {
    fraction,
    integer,
    chance: (probability) => fraction() < probability,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[integer(0, list.length - 1)] as T;
    },
    digits: (count) => Array.from({ length: count }, () => integer(0, 9)).join(''),
  };
};
