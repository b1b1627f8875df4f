import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type User } from '@facet/upstreams-users';
import { describe, expect, it } from '@jest/globals';
import { userListSchema, userSchema, userView } from './user.view.ts';

const upstream = goldenCase<User>('user', 'upstream');

describe('the admin view of a user', () => {
  it('is the golden one, on the wire too', () => {
    const view = userView(upstream);
    expect(view).toEqual(goldenCase('user', 'admin'));
    expect(serialized(userSchema, view)).toEqual(view);
  });

  it('shows what the upstream adds, at any depth', () => {
    const later = grown(upstream);
    expect(serialized(userSchema, userView(later))).toEqual(later);
    const list = { items: [userView(later)], nextCursor: 'c' };
    expect(serialized(userListSchema, list)).toEqual(list);
  });
});
