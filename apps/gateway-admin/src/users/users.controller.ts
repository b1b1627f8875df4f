import { RequireRoles, RequireScopes } from '@facet/auth';
import { type RequestContext } from '@facet/context';
import { Answers, Context, ValidParams, ValidQuery } from '@facet/http';
import { type IdParams, idParams, noQuery, pageQuery } from '@facet/shaping';
import { UsersClient } from '@facet/upstreams-users';
import { Controller, Get } from '@nestjs/common';
import { type Static, Type } from 'typebox';
import { userListSchema, userListView, userSchema, userView } from './user.view.ts';

/** `q` is part of an id, name or e-mail address. */
const userQuery = Type.Object(
  { ...pageQuery, q: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) },
  { additionalProperties: false },
);

/** Every user. */
@Controller('users')
@RequireRoles('admin')
@RequireScopes('users:read')
export class UsersController {
  constructor(private readonly users: UsersClient) {}

  @Get()
  @Answers(userListSchema)
  async list(@Context() context: RequestContext, @ValidQuery(userQuery) query: Static<typeof userQuery>) {
    return userListView(await this.users.list(context, query));
  }

  @Get(':id')
  @Answers(userSchema)
  async get(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidParams(idParams) { id }: IdParams,
  ) {
    return userView(await this.users.get(context, id));
  }
}
