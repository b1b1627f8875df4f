import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisProcess } from '../processes/redis-process.ts';

/** A real Redis for the tests of one suite. */
export interface RedisUnderTest {
  /** Valid once the suite's tests run. */
  readonly url: string;
}

/**
 * A suite against a real Redis: `REDIS_URL` if set, else a `redis-server` of the PATH, started for it. When there is
 * neither the suite is skipped with the reason, and with `CI=true` that is a failure. Tests use keys of their own.
 */
export function describeWithRedis(name: string, suite: (redis: RedisUnderTest) => void): void {
  const given = process.env['REDIS_URL'];
  if (given === undefined && !RedisProcess.isInstalled) {
    describeWithout(name);
    return;
  }
  describe(name, () => {
    let started: RedisProcess | undefined;
    beforeAll(async () => {
      if (given === undefined) started = await RedisProcess.start();
    });
    afterAll(() => started?.kill());
    suite({
      get url(): string {
        return given ?? started?.url ?? '';
      },
    });
  });
}

/** For suites that kill and hold the server: always one of their own, `REDIS_URL` or not. */
export function describeWithRedisProcess(name: string, suite: (server: () => RedisProcess) => void): void {
  if (!RedisProcess.isInstalled) {
    describeWithout(name);
    return;
  }
  describe(name, () => {
    let server: RedisProcess;
    beforeAll(async () => {
      server = await RedisProcess.start();
    });
    afterAll(() => server.kill());
    suite(() => server);
  });
}

function describeWithout(name: string): void {
  const reason = 'no REDIS_URL and no redis-server in the PATH';
  if (process.env['CI'] === 'true') it(`${name}: ${reason}`, () => expect(reason).toBe(''));
  else describe.skip(`${name} (skipped: ${reason})`, () => it('needs Redis', () => undefined));
}
