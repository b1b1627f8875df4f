import { GatewayError } from '@facet/errors';
import { testContext } from '@facet/testing';
import { type UpstreamCall, type Upstreams } from '@facet/upstream';
import { describe, expect, it, jest } from '@jest/globals';
import { AuthClient } from './auth.client.ts';

const tokens = { accessToken: 'a', refreshToken: 'r', expiresIn: 900 };
const setUp = (answer: () => Promise<unknown>) => {
  const request = jest.fn((_context: unknown, _call: UpstreamCall) => answer());
  const client = new AuthClient({ client: () => ({ request }) } as unknown as Upstreams);
  return { client, request };
};
const context = testContext();

describe('AuthClient', () => {
  it('logs in and refreshes, sending each once', async () => {
    const { client, request } = setUp(() => Promise.resolve({ body: tokens }));
    expect(await client.login(context, { username: 'u', password: 'p' })).toEqual(tokens);
    expect(await client.refresh(context, { refreshToken: 'r' })).toEqual(tokens);
    expect(
      request.mock.calls.map(([, { method, path, idempotencyKey }]) => [method, path, idempotencyKey]),
    ).toEqual([
      ['POST', '/login', undefined],
      ['POST', '/refresh', undefined],
    ]);
  });

  it('takes a refusal for wrong credentials, not for a missing right', async () => {
    const { client } = setUp(() => Promise.reject(new GatewayError('forbidden', { upstream: 'auth' })));
    await expect(client.login(context, { username: 'u', password: 'p' })).rejects.toMatchObject({
      reason: 'invalid_credentials',
      status: 401,
      options: { headers: { 'WWW-Authenticate': 'Bearer realm="facet"' } },
    });
  });

  it('leaves an outage an outage, and refuses tokens that are none', async () => {
    const down = new GatewayError('upstream_unavailable');
    await expect(
      setUp(() => Promise.reject(down)).client.refresh(context, { refreshToken: 'r' }),
    ).rejects.toBe(down);
    const { client } = setUp(() => Promise.resolve({ body: { accessToken: 'a' } }));
    await expect(client.login(context, { username: 'u', password: 'p' })).rejects.toMatchObject({
      reason: 'upstream_protocol_error',
    });
  });

  it('logs out without an answer', async () => {
    const { client, request } = setUp(() => Promise.resolve({ body: undefined }));
    expect(await client.logout(context, { refreshToken: 'r' })).toBeUndefined();
    expect(request.mock.calls[0]?.[1]).toMatchObject({ path: '/logout', body: { refreshToken: 'r' } });
  });
});
