import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '@facet/errors';
import { stillComing, wholeBody } from '@facet/testing/upstreams';
import { HeadedAnswer } from './headed-answer.ts';
import { AnswerHead } from './http1/answer-head.ts';

function headed() {
  const ends: (string | undefined)[] = [];
  const seen: string[] = [];
  const source = {
    abort: () => seen.push('abort'),
    resume: () => seen.push('resume'),
    pause: () => undefined,
  };
  const answer = new HeadedAnswer(new AnswerHead('HTTP/1.1 200 OK'), source);
  answer.whenDone({ done: (failure) => ends.push(failure?.reason) });
  return { answer, ends, seen };
}

const broken = new GatewayError('connection_terminated');

describe('HeadedAnswer', () => {
  it('is over with its last byte when nobody has asked for a stream, and its body is there as it is', () => {
    for (const pieces of [['ab', 'cd'], ['abcd'], []]) {
      const { answer, ends } = headed();
      for (const piece of pieces) answer.push(Buffer.from(piece));
      expect(ends).toEqual([]);
      answer.complete();
      expect(ends).toEqual([undefined]);
      expect(answer.body).toEqual(Buffer.from(pieces.join('')));
      answer.whenDone({ done: (failure) => ends.push(failure?.reason) });
      expect(ends).toHaveLength(2);
    }
  });

  it('streams what came before it was asked for and what comes after, and is over when that has been read', async () => {
    const { answer, ends } = headed();
    answer.push(Buffer.from('ab'));
    const read = wholeBody(stillComing(answer.body));
    answer.push(Buffer.from('cd'));
    answer.complete();
    expect(ends).toEqual([]);
    expect((await read).toString()).toBe('abcd');
    expect(ends).toEqual([undefined]);
  });

  it('holds its upstream back until somebody reads', async () => {
    const { answer, seen } = headed();
    expect(answer.push(Buffer.alloc(63 * 1024))).toBe(true);
    expect(answer.push(Buffer.alloc(1024))).toBe(false);
    stillComing(answer.body).resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toContain('resume');
  });

  it.each(['before', 'after'])(
    'never ends cleanly when it broke off %s somebody asked for it',
    async (when) => {
      const { answer, ends } = headed();
      answer.push(Buffer.from('ab'));
      if (when === 'before') answer.fail(broken);
      const body = stillComing(answer.body);
      if (when === 'after') answer.fail(broken);
      await expect(wholeBody(body)).rejects.toBe(broken);
      expect(ends).toEqual(['connection_terminated']);
    },
  );

  it('closes the socket of a long body nobody wants, and leaves that of a whole one alone', async () => {
    const whole = headed();
    whole.answer.complete();
    whole.answer.discard();
    expect(whole.seen).toEqual([]);
    const { answer, ends, seen } = headed();
    answer.discard();
    answer.push(Buffer.alloc(65 * 1024));
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toContain('abort');
    expect(ends).toHaveLength(1);
  });
});
