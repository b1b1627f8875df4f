import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { startFaults } from './start-faults.ts';

const thrownBy = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};
const shownOf = async (work: () => unknown): Promise<string> => startFaults(await thrownBy(work)).join('\n');

describe('startFaults', () => {
  it('names the faults of the configuration, one a line', () => {
    expect(startFaults(Object.assign(new Error('x'), { faults: ['A: is missing', 'B: is bad'] }))).toEqual([
      'A: is missing',
      'B: is bad',
    ]);
  });

  it('names an address that is taken', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as { port: number };
    const [error] = await once(createServer().listen(port, '127.0.0.1'), 'error');
    busy.close();
    expect(startFaults(error)).toEqual([`the gateway can't listen on 127.0.0.1:${port} (EADDRINUSE)`]);
  });

  it('says what own code says, and where', async () => {
    const shown = await shownOf(() => {
      throw new Error('limit "x": two limits have the same name');
    });
    expect(shown).toMatch(/did not start: Error: limit "x": two .*\n {4}at .*start-faults\.spec\.ts/);
  });

  it('says what Nest says: names of classes', async () => {
    @Module({ providers: [{ provide: 'a', useFactory: () => 0, inject: ['nowhere'] }] })
    class Broken {}
    const shown = await shownOf(() =>
      NestFactory.createApplicationContext(Broken, { abortOnError: false, logger: false }),
    );
    expect(shown).toContain("can't resolve dependencies");
  });

  it.each([
    ['a parser', () => JSON.parse('"canary') as unknown],
    ['a parser of URLs', () => new URL('redis://user:canary@')],
    ['a file system', () => readFileSync('/canary')],
    [
      'own code with an address',
      () => {
        throw new Error('no answer from redis://user:canary@redis:6379/0');
      },
    ],
    [
      'own code with an address whose password has an @',
      () => {
        throw new Error('no answer from https://canary:c@nary@orders/');
      },
    ],
    [
      'something that is no error',
      () => {
        throw 'canary';
      },
    ],
  ])('does not repeat what %s quotes', async (_, work) => {
    const shown = await shownOf(work);
    expect(shown).not.toMatch(/canary|c@nary/);
    expect(shown).toMatch(/^the gateway did not start/);
  });

  it('tells the class and the code of what it does not repeat', async () => {
    expect(await shownOf(() => new URL('canary'))).toMatch(
      /did not start: TypeError \(ERR_INVALID_URL\)\n {4}at /,
    );
  });
});
