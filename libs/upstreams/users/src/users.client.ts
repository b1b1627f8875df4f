import { type RequestContext } from '@facet/context';
import { type Page, type PageQuery, pageSchema, upstreamAnswer, withCursor } from '@facet/shaping';
import { path, type UpstreamClient, Upstreams } from '@facet/upstream';
import { Injectable } from '@nestjs/common';
import { type User, userSchema } from './user.ts';

const user = upstreamAnswer('users', userSchema);
const users = upstreamAnswer('users', pageSchema(userSchema));

export interface UserFilter extends PageQuery {
  /** Part of an id, name or e-mail address. */
  readonly q?: string;
}

/** user-service. It answers for any user. */
@Injectable()
export class UsersClient {
  readonly #upstream: UpstreamClient;

  constructor(upstreams: Upstreams) {
    this.#upstream = upstreams.client('users');
  }

  async list(context: RequestContext, filter: UserFilter): Promise<Page<User>> {
    const call = this.#upstream.request(context, {
      method: 'GET',
      route: '/users',
      path: '/users',
      query: { ...filter },
    });
    const { body } = await withCursor(filter.cursor, call);
    return users.check(body);
  }

  async get(context: RequestContext, id: string): Promise<User> {
    const { body } = await this.#upstream.request(context, {
      method: 'GET',
      route: '/users/:id',
      path: path`/users/${id}`,
    });
    return user.check(body);
  }
}
