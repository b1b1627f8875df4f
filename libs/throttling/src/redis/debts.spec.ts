import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@facet/testing';
import { Limit } from '../limit.ts';
import { Debts } from './debts.ts';

describe('Debts', () => {
  const limit = new Limit({ name: 'x', limit: 10, windowMs: 10_000 }, 'debts');
  const claim = (key: string) => ({ limit, key });
  let clock: FakeClock;
  let debts: Debts;

  beforeEach(() => {
    clock = new FakeClock();
    debts = new Debts(clock, 3);
  });

  it('hands over what was admitted, once, with the age of the last of it', async () => {
    debts.owe(claim('a'));
    await clock.advance(2000);
    debts.owe(claim('a'));
    await clock.advance(3000);
    expect(debts.collect(claim('a'))).toEqual({ requests: 2, ageUs: 3_000_000 });
    expect(debts.collect(claim('a'))).toBeUndefined();
  });

  it('keeps callers and limits apart', () => {
    debts.owe(claim('a'));
    const other = new Limit({ name: 'y', limit: 10, windowMs: 10_000 }, 'debts');
    expect([debts.collect(claim('b')), debts.collect({ limit: other, key: 'a' })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('takes a debt back that could not be charged, with what came since', async () => {
    debts.owe(claim('a'));
    await clock.advance(1000);
    const debt = debts.collect(claim('a'));
    debts.owe(claim('a'));
    debts.giveBack(claim('a'), debt);
    debts.giveBack(claim('a'), undefined);
    await clock.advance(1000);
    expect(debts.collect(claim('a'))).toEqual({ requests: 2, ageUs: 1_000_000 });
  });

  it('forgives what is over its size, and forgets what time has repaid', async () => {
    for (const key of ['a', 'b', 'c', 'd']) debts.owe(claim(key));
    expect(debts.collect(claim('d'))).toBeUndefined();
    await clock.advance(10_001);
    debts.owe(claim('e'));
    expect(debts.collect(claim('a'))).toBeUndefined();
    expect(debts.collect(claim('e'))).toMatchObject({ requests: 1 });
  });
});
