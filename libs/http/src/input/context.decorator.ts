import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type RequestContext } from '@facet/context';
import { type FastifyRequest } from 'fastify';

/** The context of the request: hand it to whatever calls an upstream. */
export const Context = createParamDecorator(
  (_data: unknown, context: ExecutionContext): RequestContext =>
    context.getArgByIndex<FastifyRequest>(0).facet,
);
