import { RequireScopes } from '@facet/auth';
import { type RequestContext } from '@facet/context';
import { Answers, Context, ValidQuery } from '@facet/http';
import { noQuery } from '@facet/shaping';
import { UsersClient } from '@facet/upstreams-users';
import { Controller, Get } from '@nestjs/common';
import { userSchema, userView } from './user.view.ts';

@Controller('user')
export class UserController {
  constructor(private readonly users: UsersClient) {}

  @Get()
  @RequireScopes('profile:read')
  @Answers(userSchema)
  async get(@Context() context: RequestContext, @ValidQuery(noQuery) _query: unknown) {
    return userView(await this.users.get(context, context.principal.subject));
  }
}
