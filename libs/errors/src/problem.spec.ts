import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { GatewayError } from './gateway-error.ts';
import { problemSchema, toProblem } from './problem.ts';
import { type Reason, reasons } from './reasons.ts';

const validate = new Ajv({ allErrors: true }).compile(problemSchema);

describe('toProblem', () => {
  it.each(Object.keys(reasons) as Reason[])('answers a valid document for %s', (reason) => {
    const problem = toProblem(new GatewayError(reason), 'req-1');
    expect(validate(problem)).toBe(true);
    expect(problem.code).toBe(problem.status);
    expect(problem.message).toBe(problem.title);
  });

  it('carries the members of the reason and rounds the wait up', () => {
    const error = new GatewayError('rate_limited', {
      retryAfterMs: 1001,
      userMessage: 'Slow down',
      parts: [{ part: 'offers', reason: 'upstream_timeout' }],
      violations: [{ in: 'body', pointer: '/items', message: 'is required' }],
    });
    const problem = toProblem(error, 'req-2');
    expect(validate(problem)).toBe(true);
    expect(problem).toMatchObject({ retryAfter: 2, userMessage: 'Slow down', instance: 'req-2' });
  });

  it('never says what caused it', () => {
    const error = new GatewayError('upstream_error', { cause: new Error('secret upstream text') });
    expect(JSON.stringify(toProblem(error, 'req-3'))).not.toContain('secret');
  });
});
