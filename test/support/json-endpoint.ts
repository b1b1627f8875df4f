import { Public } from '@facet/auth';
import { type RequestContext } from '@facet/context';
import { Answers, Context, ValidParams } from '@facet/http';
import { path, Upstreams } from '@facet/upstream';
import { Controller, Get, Post } from '@nestjs/common';
import { type Static, Type } from 'typebox';

const params = Type.Object({ upstream: Type.String(), item: Type.String() });
const anything = Type.Object({}, { additionalProperties: true });

/** `/json/:upstream/:item`: the smallest endpoint that calls an upstream as a typed client does. */
@Controller('json/:upstream/:item')
@Public()
export class JsonEndpoint {
  constructor(private readonly upstreams: Upstreams) {}

  @Get()
  @Answers(anything)
  get(@Context() context: RequestContext, @ValidParams(params) { upstream, item }: Static<typeof params>) {
    return this.#call(context, 'GET', upstream, item);
  }

  @Post()
  @Answers(anything, { status: 201 })
  post(@Context() context: RequestContext, @ValidParams(params) { upstream, item }: Static<typeof params>) {
    return this.#call(context, 'POST', upstream, item);
  }

  async #call(context: RequestContext, method: 'GET' | 'POST', upstream: string, item: string) {
    const call = { method, route: '/items/:item', path: path`/items/${item}` };
    return (await this.upstreams.client(upstream).request<object>(context, call)).body;
  }
}
