export { FakeClock } from './fake-clock.ts';
export { testContext } from './request-context.ts';
