import { GatewayError } from '@facet/errors';
import { describe, expect, it } from '@jest/globals';
import { errorFields } from './error-fields.ts';

const secret = 'hunter2';

function thrown(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('errorFields', () => {
  it('tells class, code and place of any error', () => {
    const fields = errorFields(Object.assign(new Error(secret), { code: 'ECONNREFUSED' }));
    expect(fields).toMatchObject({ name: 'Error', code: 'ECONNREFUSED' });
    expect(fields.stack).toMatch(/^at .*error-fields\.spec\.ts/);
  });

  it('tells the words of the engine and of ours', () => {
    const nothing = undefined as unknown as { id: string };
    expect(errorFields(thrown(() => nothing.id)).message).toContain('id');
    expect(errorFields(new GatewayError('not_found')).message).toBe('Not found');
  });

  it.each([
    ['a parser', () => JSON.parse(`{"password": ${secret}}`) as unknown],
    [
      "Node's check of an argument",
      () => {
        // Made by hand: within Jest, Node's own errors are of another realm's TypeError.
        throw Object.assign(new TypeError(`Received type string ('${secret}')`), {
          code: 'ERR_INVALID_ARG_TYPE',
        });
      },
    ],
    ["a URL's", () => new URL(secret)],
  ])('never what the words of %s quote', (_name, work) => {
    const error = new GatewayError('internal_error', { cause: thrown(work) });
    expect(JSON.stringify(errorFields(error))).not.toContain(secret);
  });

  it('ends at the third cause', () => {
    const chain = ['a', 'b', 'c', 'd'].reduce<unknown>((cause, text) => new Error(text, { cause }), 'e');
    const fields = errorFields(new Error('f', { cause: chain }));
    expect(fields.cause?.cause?.cause?.name).toBe('Error');
    expect(fields.cause?.cause?.cause?.cause).toBeUndefined();
  });

  it('tells no more than the type of what is no error', () => {
    expect(errorFields(secret)).toEqual({ name: 'string' });
  });
});
