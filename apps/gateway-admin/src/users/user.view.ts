import { type Page, pageSchema } from '@facet/shaping';
import { type User, userSchema as upstreamUserSchema } from '@facet/upstreams-users';
import { openSchema } from '../open-schema.ts';

/** A user as user-service has it, internal members and members added later included. */
export const userSchema = openSchema(upstreamUserSchema);
export const userListSchema = pageSchema(userSchema);

export function userView(user: User): User {
  return user;
}

export function userListView({ items, nextCursor }: Page<User>) {
  return { items: items.map(userView), nextCursor };
}
