import { GatewayError } from '@facet/errors';
import { describe, expect, it } from '@jest/globals';
import { withCursor } from './cursor.ts';

const failing = (error: Error) => Promise.reject(error);

describe('withCursor', () => {
  it('passes the page on', async () => {
    expect(await withCursor('c', Promise.resolve('page'))).toBe('page');
  });

  it('blames the cursor for a query the upstream refuses', async () => {
    await expect(withCursor('c', failing(new GatewayError('unprocessable')))).rejects.toMatchObject({
      reason: 'invalid_input',
      options: { violations: [{ in: 'query', pointer: '/cursor' }] },
    });
  });

  it('blames nothing when there is none, and nothing for another failure', async () => {
    const refused = new GatewayError('unprocessable');
    await expect(withCursor(undefined, failing(refused))).rejects.toBe(refused);
    const down = new GatewayError('upstream_unavailable');
    await expect(withCursor('c', failing(down))).rejects.toBe(down);
  });
});
