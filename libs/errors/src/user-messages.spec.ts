import { describe, expect, it } from '@jest/globals';
import { GatewayError } from './gateway-error.ts';
import { toProblem } from './problem.ts';
import { localizedUserMessage } from './user-messages.ts';

describe('localizedUserMessage', () => {
  it('speaks the language asked for, English otherwise', () => {
    expect(localizedUserMessage('checkout_unavailable', 'de')).toMatch(/Bestellvorgang/);
    expect(localizedUserMessage('checkout_unavailable', 'fr')).toBe(
      'Checkout temporarily unavailable, try again',
    );
    expect(localizedUserMessage('checkout_unavailable', 'constructor')).toMatch(/^Checkout/);
  });

  it('passes other text on', () => {
    expect(localizedUserMessage('Slow down', 'de')).toBe('Slow down');
    expect(localizedUserMessage('toString', 'de')).toBe('toString');
  });

  it('is what the problem carries', () => {
    const error = new GatewayError('upstream_unavailable', { userMessage: 'checkout_unavailable' });
    expect(toProblem(error, 'r').userMessage).toBe('Checkout temporarily unavailable, try again');
    expect(toProblem(error, 'r', 'de').userMessage).toMatch(/Bestellvorgang/);
  });
});
