import { RequireScopes } from '@facet/auth';
import { type RequestContext, type StageReply } from '@facet/context';
import { Answers, CacheControl, Context, ValidQuery } from '@facet/http';
import { noQuery, screenCacheControl } from '@facet/shaping';
import { Controller, Get, Res } from '@nestjs/common';
import { HomeAggregate } from './home.aggregate.ts';
import { type Home, homeSchema, homeView } from './home.view.ts';

@Controller('home')
export class HomeController {
  constructor(private readonly home: HomeAggregate) {}

  @Get()
  @RequireScopes('profile:read', 'orders:read')
  @CacheControl('origin')
  @Answers(homeSchema)
  async get(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @Res({ passthrough: true }) reply: StageReply,
  ): Promise<Home> {
    const { values, partial, parts } = await this.home.load(context);
    screenCacheControl(reply, partial);
    return { ...homeView(values), partial, parts };
  }
}
