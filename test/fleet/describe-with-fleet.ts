import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisProcess } from '@facet/testing/processes';
import { hasHaproxy } from '../support/haproxy.ts';
import { Fleet, type FleetOptions } from './fleet.ts';

const missing = [
  ...(RedisProcess.isInstalled ? [] : ['redis-server']),
  ...(hasHaproxy ? [] : ['haproxy']),
].join(' and ');

/** A suite over one fleet; reported as skipped where HAProxy or Redis is not installed, and with `CI=true` as failed. */
export function describeWithFleet(
  name: string,
  options: FleetOptions,
  suite: (fleet: () => Fleet) => void,
): void {
  if (missing !== '') {
    const title = `${name} (skipped: no ${missing} on the PATH)`;
    if (process.env['CI'] === 'true') it(title, () => expect(missing).toBe(''));
    else describe.skip(title, () => it('needs them', () => undefined));
    return;
  }
  describe(name, () => {
    let fleet: Fleet;
    beforeAll(async () => {
      fleet = await Fleet.start(options);
    });
    afterAll(() => fleet[Symbol.asyncDispose]());
    suite(() => fleet);
  });
}
