import { describe, expect, it, jest } from '@jest/globals';
import { Cancellation } from './cancellation.ts';

describe('Cancellation', () => {
  it('tells each listener once, and not those that have left', () => {
    const cancellation = new Cancellation();
    const [first, second, gone] = [1, 2, 3].map(() => ({ cancelled: jest.fn() }));
    for (const listener of [first, second, gone]) cancellation.add(listener!);
    cancellation.remove(gone!);
    cancellation.cancel();
    cancellation.cancel();
    expect(cancellation.isCancelled).toBe(true);
    expect([first, second, gone].map((listener) => listener!.cancelled.mock.calls.length)).toEqual([1, 1, 0]);
  });

  it('has a signal, whether it is asked for before or after', () => {
    const [before, after] = [new Cancellation(), new Cancellation()];
    const { signal } = before;
    expect(signal.aborted).toBe(false);
    before.cancel();
    after.cancel();
    expect([signal.aborted, after.signal.aborted]).toEqual([true, true]);
    expect(before.signal).toBe(signal);
  });

  it('lets a listener leave while it is told', () => {
    const cancellation = new Cancellation();
    const listener = { cancelled: jest.fn(() => cancellation.remove(listener)) };
    const other = { cancelled: jest.fn() };
    cancellation.add(listener);
    cancellation.add(other);
    cancellation.cancel();
    expect(other.cancelled).toHaveBeenCalledTimes(1);
  });
});
