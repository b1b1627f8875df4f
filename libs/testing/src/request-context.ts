import { anonymous, type Clock, Deadline, type RequestContext } from '@facet/context';
import { FakeClock } from './fake-clock.ts';

/** A request context for tests: 10 s of deadline on a fake clock, an anonymous caller, a signal nobody aborts. */
export function testContext(overrides: Partial<RequestContext> & { clock?: Clock } = {}): RequestContext {
  const { clock = new FakeClock(), ...rest } = overrides;
  return {
    requestId: '01test',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true },
    clientAddress: '192.0.2.1',
    startedAtMs: clock.monotonic(),
    deadline: Deadline.after(clock, 10_000),
    signal: new AbortController().signal,
    language: 'en',
    apiVersion: 'v2',
    principal: anonymous,
    decisions: { attempts: 0, upstreamMs: 0 },
    ...rest,
  };
}
