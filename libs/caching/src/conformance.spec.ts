import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { cacheScenarios, type CacheUnderTest, runScenario } from '@facet/testing/caching';
import { describe, expect, it } from '@jest/globals';
import { HttpCache } from './http-cache.ts';
import { MemoryCacheStore } from './store/memory.cache-store.ts';

function cacheUnderTest(): CacheUnderTest {
  const clock = new FakeClock();
  const cache = new HttpCache({ clock, store: new MemoryCacheStore() });
  return {
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    fetch: async (request, origin) => {
      const response = await cache.handle(
        {
          ...request,
          route: '/*',
          scope: 'all',
          origin: 'http://origin.test',
          identityKey: '',
          hasAuthorization: request.headers.some(([name]) => name === 'Authorization'),
          signal: new AbortController().signal,
        },
        { identity: 'public' },
        async ({ headers }) => {
          try {
            const answer = origin(headers);
            return { ...answer, body: Readable.from([Buffer.from(answer.body)]) };
          } catch {
            throw new GatewayError('connection_terminated');
          }
        },
      );
      const body = Buffer.isBuffer(response.body) ? response.body : await buffer(response.body);
      return { status: response.status, headers: response.headers, body: body.toString() };
    },
  };
}

const topics = Map.groupBy(cacheScenarios, ({ topic }) => topic);

describe.each([...topics])('the shared cache, on %s', (_, scenarios) => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    expect(await runScenario(scenario, cacheUnderTest())).toEqual([]);
  });
});
