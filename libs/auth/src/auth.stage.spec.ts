import { type AccessPolicy, anonymous, type CredentialKind, type Principal } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { FakeClock } from '@facet/testing';
import { stageReply, stageRequest } from '@facet/testing/auth';
import { describe, expect, it } from '@jest/globals';
import { AuthStage } from './auth.stage.ts';
import { Authenticator, notMine, type Verdict } from './authenticator.ts';

const principal = (kind: CredentialKind): Principal => ({
  ...anonymous,
  kind,
  subject: `by ${kind}`,
  tier: 'free',
});

/** Takes the values it is given for one header field. */
class Scripted extends Authenticator {
  asked = 0;
  constructor(
    override readonly kind: CredentialKind,
    private readonly field: string,
    private readonly answers: Record<string, () => Verdict | Promise<Verdict>>,
  ) {
    super();
  }
  override authenticate({
    headers,
  }: Parameters<Authenticator['authenticate']>[0]): Verdict | Promise<Verdict> {
    this.asked++;
    const answer = this.answers[String(headers[this.field])];
    return answer ? answer() : notMine;
  }
}

function setUp() {
  const clock = new FakeClock();
  const bearer = new Scripted('bearer', 'authorization', {
    'Bearer good': () => principal('bearer'),
    'Bearer bad': () => new GatewayError('invalid_token'),
    'Bearer slow': async () => principal('bearer'),
    'Bearer slow-bad': async () => new GatewayError('invalid_token'),
    'Bearer never': () => new Promise<Verdict>(() => undefined),
    'Bearer broken': () => Promise.reject(new TypeError('bug')),
  });
  const apiKey = new Scripted('apiKey', 'x-api-key', { good: () => principal('apiKey') });
  const maybe = new Scripted('session', 'cookie', {
    none: () => Promise.resolve<Verdict>(notMine),
    good: async () => principal('session'),
  });
  const stage = new AuthStage([bearer, maybe, apiKey], clock);
  const run = async (
    fields: readonly (readonly [string, string])[],
    accept: AccessPolicy['accept'],
    url = '/orders',
  ) => {
    const request = stageRequest(fields, { url, clock });
    await stage.run(request, stageReply(), { access: { accept, scopes: [], roles: [] } });
    return request.facet.principal;
  };
  const refusal = async (...args: Parameters<typeof run>): Promise<GatewayError> => {
    const error: unknown = await run(...args).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(GatewayError);
    return error as GatewayError;
  };
  return { clock, stage, bearer, apiKey, run, refusal };
}

const any: readonly CredentialKind[] = ['bearer', 'apiKey', 'session'];
const token = ['Authorization', 'Bearer good'] as const;
const key = ['X-API-Key', 'good'] as const;

describe('AuthStage', () => {
  it('puts the principal on the context without a promise when it can', () => {
    const { stage } = setUp();
    const request = stageRequest([token]);
    expect(
      stage.run(request, stageReply(), { access: { accept: any, scopes: [], roles: [] } }),
    ).toBeUndefined();
    expect(request.facet.principal.kind).toBe('bearer');
  });

  it('asks in listed order and goes on after not mine, at once or later', async () => {
    const { run } = setUp();
    expect((await run([key], any)).kind).toBe('apiKey');
    expect((await run([['Cookie', 'none'], key], any)).kind).toBe('apiKey');
    expect((await run([['Cookie', 'good']], any)).kind).toBe('session');
    expect((await run([['Authorization', 'Bearer slow']], any)).kind).toBe('bearer');
  });

  it('lets anybody without a credential into what is public, as anonymous', async () => {
    const { run } = setUp();
    expect(await run([], 'public')).toBe(anonymous);
    expect(await run([['Cookie', 'none']], 'public')).toBe(anonymous);
    expect(await run([['Authorization', 'Basic dXNlcjpwYXNz']], 'public')).toBe(anonymous);
    expect(await run([['Authorization', 'somebody-elses']], 'public')).toBe(anonymous);
    expect((await run([token], 'public')).kind).toBe('bearer');
  });

  it.each(['Bearer bad', 'Bearer slow-bad'])('refuses %p even where it is public', async (authorization) => {
    const { refusal } = setUp();
    expect((await refusal([['Authorization', authorization]], 'public')).status).toBe(401);
  });

  it('does not even read credentials where they are ignored', async () => {
    const { run, bearer } = setUp();
    const two = [token, ['Authorization', 'Bearer bad'], key] as const;
    expect(await run(two, 'ignore', '/login?access_token=x')).toBe(anonymous);
    expect(bearer.asked).toBe(0);
  });

  it('answers 401 with a challenge for each accepted kind when no credential came', async () => {
    const { refusal } = setUp();
    const error = await refusal([], any);
    expect([error.reason, error.options.headers]).toEqual([
      'unauthenticated',
      { 'WWW-Authenticate': 'Bearer realm="facet", ApiKey realm="facet"' },
    ]);
    expect((await refusal([], ['apiKey'])).options.headers).toEqual({
      'WWW-Authenticate': 'ApiKey realm="facet"',
    });
    expect((await refusal([], ['session'])).options.headers).toEqual({
      'WWW-Authenticate': 'Cookie realm="facet"',
    });
  });

  it('does not look at a token where only API keys are accepted', async () => {
    const { refusal, bearer } = setUp();
    const error = await refusal([token], ['apiKey']);
    expect([error.reason, error.status, error.options.headers]).toEqual([
      'unauthenticated',
      401,
      { 'WWW-Authenticate': 'ApiKey realm="facet"' },
    ]);
    expect(bearer.asked).toBe(0);
  });

  it.each([
    ['token and key', [token, key]],
    ['two tokens', [token, token]],
    ['two tokens in other cases', [token, ['AUTHORIZATION', 'Bearer bad'] as const]],
    ['two keys', [key, key]],
    ['key and Basic', [key, ['Authorization', 'Basic eA=='] as const]],
  ])('answers 400 to %s', async (_, fields) => {
    const { refusal, bearer } = setUp();
    for (const accept of [any, 'public', ['apiKey']] as const) {
      expect((await refusal(fields, accept)).reason).toBe('conflicting_credentials');
    }
    expect(bearer.asked).toBe(0);
  });

  it.each([
    '/orders?access_token=x',
    '/orders?limit=1&access_token=',
    '/orders?access%5Ftoken=x',
    '/?%61ccess_token',
  ])('refuses the token in %s', async (url) => {
    const { refusal } = setUp();
    expect(await refusal([], 'public', url)).toMatchObject({ status: 400, reason: 'malformed_request' });
    expect((await refusal([token], any, url)).status).toBe(400);
  });

  it.each([
    '/access_token',
    '/orders?q=access_token',
    '/orders?my_access_token=1',
    '/orders?access_token2=1',
    '/?a=%20',
  ])('does not take %s for one', async (url) => {
    expect((await setUp().run([token], any, url)).kind).toBe('bearer');
  });

  it('waits no longer than the request has time, and leaves no timer', async () => {
    const { refusal, run, clock } = setUp();
    const late = refusal([['Authorization', 'Bearer never']], any);
    await clock.advance(10_000);
    expect((await late).reason).toBe('deadline_exceeded');
    await run([['Authorization', 'Bearer slow']], any);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes a fault of an authenticator on', async () => {
    await expect(setUp().run([['Authorization', 'Bearer broken']], 'public')).rejects.toThrow(TypeError);
  });
});
