import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type User } from '@facet/upstreams-users';
import { describe, expect, it } from '@jest/globals';
import { userSchema, userView } from './user.view.ts';

const upstream = goldenCase<User>('user', 'upstream');

describe('the mobile view of a user', () => {
  it('is the golden one, on the wire too', () => {
    const view = userView(upstream);
    expect(view).toEqual(goldenCase('user', 'mobile'));
    expect(serialized(userSchema, view)).toEqual(view);
  });

  it('leaves behind what the upstream adds, in view and schema alike', () => {
    expect(userView(grown(upstream))).toEqual(userView(upstream));
    expect(JSON.stringify(serialized(userSchema, grown(upstream)))).not.toContain('addedLater');
  });
});
