import { describe, expect, it } from '@jest/globals';
import { routeValues } from './route-values.ts';

describe('routeValues', () => {
  it('takes what is meant for routes, and nothing else of the environment', () => {
    const env = {
      ROUTES_VALUE_UPSTREAM_TOKEN: 's3cret',
      ROUTES_VALUE_REGION: 'eu',
      HOME: '/root',
      ROUTES_FILE: 'r',
    };
    expect(routeValues(env)).toEqual({ upstreamToken: 's3cret', region: 'eu' });
  });
});
