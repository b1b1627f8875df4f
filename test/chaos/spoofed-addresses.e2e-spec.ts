import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ClockRig } from '../support/clock-rig.ts';
import { many, tally } from '../support/until.ts';

/** A thousand addresses made up by one real client: one client. */
const limit = 60;
const once = { 200: limit, 429: 1_000 - limit };
type Headers = (index: number) => Record<string, string>;

let rig: ClockRig<'catalog'>;

function gatewayThatTrusts(...trustedProxies: string[]): void {
  beforeAll(async () => {
    const limits = [{ per: 'client' as const, rate: `${limit}/m` }];
    rig = await ClockRig.start({
      upstreams: { catalog: {} },
      routes: [{ id: 'limited', path: '/limited/*', upstream: 'catalog', limits }],
      config: { server: { trustedProxies } },
    });
  });
  // The bucket is full again.
  beforeEach(() => rig.clock.advance(60_000));
  afterAll(() => rig[Symbol.asyncDispose]());
}

async function admissions(headers: Headers): Promise<Record<string, number>> {
  const get = (index: number) => rig.client.get('/limited/x', { headers: headers(index) });
  return tally((await many(1_000, 32, get)).map(({ status }) => status));
}

const made = (index: number) => `198.51.${index >> 8}.${index & 255}`;
const spoofs: Record<string, Headers> = {
  'X-Forwarded-For': (index) => ({ 'x-forwarded-for': made(index) }),
  Forwarded: (index) => ({ forwarded: `for=${made(index)}` }),
  'X-Real-IP': (index) => ({ 'x-real-ip': made(index) }),
  'all that name an address': (index) => ({
    'x-forwarded-for': `${made(index)}, ${made(index + 1)}`,
    'x-client-ip': made(index),
    'true-client-ip': made(index),
    'cf-connecting-ip': made(index),
    forwarded: `for="[2001:db8::${index.toString(16)}]"`,
  }),
};

describe.each([
  ['no proxy is trusted', []],
  ['another proxy is trusted', ['10.0.0.0/8']],
])('where %s', (_, proxies) => {
  gatewayThatTrusts(...proxies);
  it.each(Object.entries(spoofs))(`admits ${limit} of 1,000 by %s`, async (_name, headers) => {
    expect(await admissions(headers)).toEqual(once);
  });
});

describe('where a proxy in front is trusted', () => {
  gatewayThatTrusts('127.0.0.1/32');
  it(`admits ${limit} of 1,000 that put made-up hops before the one the proxy saw`, async () => {
    expect(await admissions((index) => ({ 'x-forwarded-for': `${made(index)}, 203.0.113.7` }))).toEqual(once);
  });

  it('counts an IPv6 client by its network, whatever address in it the client takes', async () => {
    const address = (index: number) => `2001:db8:0:7::${index.toString(16)}`;
    expect(await admissions((index) => ({ 'x-forwarded-for': address(index) }))).toEqual(once);
  });
});
