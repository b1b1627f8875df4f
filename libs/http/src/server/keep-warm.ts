import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 keep what it has made of a gateway while nobody calls: some seconds without requests, and its memory reducer
 * throws compiled code away and makes the young generation small. The next few thousand requests then cost two to
 * three times as much, and who sees them is whoever comes after a quiet moment. To be called when the start is over.
 */
export function keepWarm(): void {
  setFlagsFromString('--memory-reducer-gc-count=0');
}
