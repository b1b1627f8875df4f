import { describe, expect, it } from '@jest/globals';
import { created, type Inbound } from './exchange.ts';
import { IdempotentReplies } from './idempotency.ts';

const inbound = (key?: string, from: Partial<Inbound> & { user?: string } = {}): Inbound => ({
  method: 'POST',
  path: '/orders',
  params: {},
  query: new URLSearchParams(),
  body: () => Promise.resolve({}),
  ...from,
  headers: {
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(from.user === undefined ? {} : { 'x-user-id': from.user }),
  },
});

describe('IdempotentReplies', () => {
  it('does the work once per key and says when it did not', () => {
    const replies = new IdempotentReplies();
    let made = 0;
    const work = () => created({ made: (made += 1) }, '/x');
    const first = replies.answer(inbound('a'), { n: 1 }, work);
    const again = replies.answer(inbound('a'), { n: 1 }, work);
    expect(again.body).toEqual(first.body);
    expect(again.headers).toEqual({ location: '/x', 'idempotency-replayed': 'true' });
    expect(replies.answer(inbound('b'), { n: 1 }, work).body).toEqual({ made: 2 });
  });

  it.each([{ user: 'usr_2' }, { path: '/refunds' }, { method: 'PATCH' }, {}])(
    'gives the answer of a key to nobody but its caller, for the same method and path only (%j)',
    (from) => {
      const replies = new IdempotentReplies();
      let made = 0;
      const work = () => created((made += 1), '/x');
      replies.answer(inbound('a', { user: 'usr_1' }), {}, work);
      replies.answer(inbound('a', from), {}, work);
      expect(made).toBe(2);
    },
  );

  it('does the work each time without a key', () => {
    const replies = new IdempotentReplies();
    let made = 0;
    const work = () => created((made += 1), '/x');
    replies.answer(inbound(), {}, work);
    replies.answer(inbound(), {}, work);
    expect(made).toBe(2);
  });

  it('refuses a key that comes back with another body, and an unusable key', () => {
    const replies = new IdempotentReplies();
    replies.answer(inbound('a'), { n: 1 }, () => created(1, '/x'));
    expect(() => replies.answer(inbound('a'), { n: 2 }, () => created(2, '/x'))).toThrow('another request');
    expect(() => replies.answer(inbound(''), {}, () => created(1, '/x'))).toThrow('1 to 255');
  });

  it('remembers no answer of work that failed', () => {
    const replies = new IdempotentReplies();
    const fail = () => {
      throw new Error('no');
    };
    expect(() => replies.answer(inbound('a'), {}, fail)).toThrow('no');
    expect(replies.answer(inbound('a'), {}, () => created(1, '/x')).body).toBe(1);
  });
});
