import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../call.fixture.ts';
import { type DevStack, startDevStack } from '../dev-stack.ts';
import { type User } from '../model.ts';

describe('users', () => {
  let stack: DevStack<'users'>;
  let url: string;
  beforeAll(async () => {
    stack = await startDevStack({ services: ['users'] });
    url = stack.urls.users;
  });
  afterAll(() => stack.stop());

  it('shows a profile with its internal members, and 404 for none', async () => {
    const { body } = await call(`${url}/users/usr_premium`);
    expect(body).toMatchObject({
      id: 'usr_premium',
      tier: 'premium',
      internal: { segment: expect.any(String) },
    });
    expect(body.addresses[0].isDefault).toBe(true);
    expect((await call(`${url}/users/usr_0`)).status).toBe(404);
  });

  it('pages through everybody exactly once', async () => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await call(`${url}/users?limit=100${cursor && `&cursor=${cursor}`}`);
      ids.push(...(body.items as User[]).map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(ids.length).toBeGreaterThanOrEqual(200);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('searches name, email and id in any case', async () => {
    for (const query of ['priya', 'PREMIUM@', 'usr_prem']) {
      const { body } = await call(`${url}/users?q=${query}`);
      expect(body.items.map(({ id }: User) => id)).toEqual(['usr_premium']);
    }
    expect((await call(`${url}/users?q=nobody-of-that-name`)).body).toEqual({
      items: [],
      nextCursor: null,
      total: 0,
    });
  });
});
