import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { ScriptedJwks, TestIssuer } from '@facet/testing/auth';
import { describe, expect, it } from '@jest/globals';
import { JwksKeySet } from './jwks-key-set.ts';

function setUp() {
  const clock = new FakeClock();
  const issuer = new TestIssuer(clock);
  const jwks = new ScriptedJwks(() => issuer.jwks());
  const keys = new JwksKeySet(jwks, ['ES256'], clock, undefined);
  const find = async (kid = issuer.key.kid) => keys.find({ alg: 'ES256', kid });
  const started = async () => {
    keys.onModuleInit();
    await clock.advance(0);
  };
  return { clock, issuer, jwks, keys, find, started };
}

async function refusal(work: Promise<unknown>): Promise<GatewayError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GatewayError);
  return error as GatewayError;
}

describe('JwksKeySet', () => {
  it('answers known keys at once, without a promise', async () => {
    const { keys, issuer, started, jwks } = setUp();
    expect(keys.mode).toBe('no-keys');
    await started();
    expect(keys.find({ alg: 'ES256', kid: issuer.key.kid })).toMatchObject({ kid: issuer.key.kid });
    expect([keys.mode, keys.size, jwks.fetches]).toEqual(['normal', 1, 1]);
  });

  it('sees a rotation within one request, right after a fetch', async () => {
    const { issuer, started, find, jwks } = setUp();
    await started();
    issuer.rotate();
    expect(await find()).toMatchObject({ kid: issuer.key.kid });
    expect(jwks.fetches).toBe(2);
  });

  it('sees it too when a fetch from before the rotation is under way', async () => {
    const { issuer, started, find, jwks, keys } = setUp();
    await started();
    jwks.hold();
    const before = issuer.jwks();
    jwks.answer(() => before);
    void keys.refresh();
    issuer.rotate();
    jwks.answer(() => issuer.jwks());
    const found = Promise.all([find(), find(), find()]);
    jwks.release();
    expect((await found).map((key) => key?.kid)).toEqual(Array(3).fill(issuer.key.kid));
    expect(jwks.fetches).toBe(3);
  });

  it('asks once in 30 s for keys nobody knows, however many are named', async () => {
    const { started, find, jwks, clock } = setUp();
    await started();
    for (let i = 0; i < 100; i++) expect(await find(`unknown-${i}`)).toBeUndefined();
    expect(jwks.fetches).toBe(2);
    await clock.advance(29_999);
    await find('unknown');
    expect(jwks.fetches).toBe(2);
    await clock.advance(1);
    await find('unknown');
    expect(jwks.fetches).toBe(3);
  });

  it('fetches once for all who wait', async () => {
    const { started, issuer, find, jwks } = setUp();
    await started();
    issuer.rotate();
    jwks.hold();
    const found = Promise.all(Array.from({ length: 100 }, () => find()));
    jwks.release();
    expect(new Set((await found).map((key) => key?.kid))).toEqual(new Set([issuer.key.kid]));
    expect(jwks.fetches).toBe(2);
  });

  it('keeps its keys while the issuer is down, and says so', async () => {
    const { started, issuer, find, jwks, keys, clock } = setUp();
    await started();
    jwks.fail();
    await clock.advance(3_600_000);
    expect(keys.mode).toBe('stale-keys');
    expect(await find()).toMatchObject({ kid: issuer.key.kid, retired: false });
    jwks.answer(() => issuer.jwks());
    await clock.advance(30_000);
    expect(keys.mode).toBe('normal');
  });

  it('finds out at once when a call to the issuer has failed, and back as usual', async () => {
    const { started, issuer, jwks, keys, clock } = setUp();
    await started();
    await clock.advance(1_000);
    jwks.fail();
    keys.suspect(new GatewayError('upstream_unavailable'));
    await clock.advance(0);
    expect(keys.mode).toBe('stale-keys');
    jwks.answer(() => issuer.jwks());
    await clock.advance(1_000);
    expect([keys.mode, jwks.fetches]).toEqual(['normal', 3]);
  });

  it('asks not more than once a second on suspicion, and never for a refusal', async () => {
    const { started, jwks, keys, clock } = setUp();
    await started();
    await clock.advance(1_000);
    keys.suspect(new GatewayError('invalid_credentials'));
    keys.suspect(new Error('of ours'));
    expect(jwks.fetches).toBe(1);
    for (let n = 0; n < 100; n++) keys.suspect(new GatewayError('upstream_timeout'));
    await clock.advance(0);
    expect(jwks.fetches).toBe(2);
    keys.suspect(new GatewayError('upstream_timeout'));
    await clock.advance(999);
    expect(jwks.fetches).toBe(2);
    await clock.advance(1);
    expect(jwks.fetches).toBe(3);
  });

  it('keeps its keys when the answer has none it can use', async () => {
    const { started, find, jwks, keys, clock } = setUp();
    await started();
    jwks.answer(() => ({ keys: [] }));
    await clock.advance(300_000);
    expect(keys.mode).toBe('stale-keys');
    expect(await find()).toBeDefined();
  });

  it('says unavailable, not unknown, while there were never any keys', async () => {
    const { started, find, jwks, keys, issuer, clock } = setUp();
    jwks.fail();
    await started();
    const error = await refusal(find());
    expect([error.reason, error.status, keys.mode]).toEqual(['upstream_unavailable', 503, 'no-keys']);
    expect(error.options.retryAfterMs).toBeGreaterThanOrEqual(1_000);
    jwks.answer(() => issuer.jwks());
    await clock.advance(1_000);
    expect(await find()).toBeDefined();
  });

  it('says unavailable for an unknown key while the issuer is down: it may be a new one', async () => {
    const { started, find, jwks } = setUp();
    await started();
    jwks.fail();
    expect((await refusal(find('new'))).reason).toBe('upstream_unavailable');
    expect(await find()).toBeDefined();
  });

  it('asks an issuer that never answered at most once a second, and on its own less and less', async () => {
    const { started, find, jwks, clock } = setUp();
    jwks.fail();
    await started();
    for (let i = 0; i < 50; i++) await refusal(find());
    expect(jwks.fetches).toBe(1);
    await clock.advance(120_000);
    // 1, 2, 4, 8 and 16 s apart, then every 30 s.
    expect(jwks.fetches).toBe(1 + 5 + 2);
  });

  it('waits 2 s for an answer', async () => {
    const { find, jwks, clock } = setUp();
    jwks.hold();
    const error = refusal(find());
    await clock.advance(1_999);
    expect(await Promise.race([error, 'pending'])).toBe('pending');
    await clock.advance(1);
    expect((await error).reason).toBe('upstream_unavailable');
  });

  it('fetches anew every 5 minutes', async () => {
    const { started, jwks, clock, issuer, keys } = setUp();
    await started();
    const first = (await keys.find({ alg: 'ES256', kid: issuer.key.kid }))!;
    issuer.rotate();
    issuer.withdraw(first.kid!);
    await clock.advance(299_999);
    expect(jwks.fetches).toBe(1);
    await clock.advance(1);
    expect(jwks.fetches).toBe(2);
    expect(first.retired).toBe(true);
  });

  it('leaves no timer behind', async () => {
    const { started, keys, clock, jwks } = setUp();
    await started();
    jwks.hold();
    const flight = keys.refresh();
    await keys.onModuleDestroy();
    jwks.release();
    await flight;
    expect([clock.pendingTimers, jwks.isClosed]).toEqual([0, true]);
  });

  it('refuses algorithms of secrets', () => {
    const { clock, jwks } = setUp();
    expect(() => new JwksKeySet(jwks, ['ES256', 'HS256'], clock, undefined)).toThrow(/HS256 does not fit/);
  });
});
