import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import { type RequestContext } from '@facet/context';
import { GatewayError, problemSchema } from '@facet/errors';
import { type RecordingLog, startTestGateway } from '@facet/testing/http';
import { Ajv } from 'ajv';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Static, Type } from 'typebox';
import { Answers, Context, type Gateway, ValidBody, ValidParams, ValidQuery } from './index.ts';
import * as http from './index.ts';

const querySchema = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) });
const bodySchema = Type.Object({ name: Type.String(), count: Type.Integer() });
const paramsSchema = Type.Object({ id: Type.String({ pattern: '^[a-z0-9]+$' }) });

@Controller('things')
class ThingsController {
  @Get()
  @Answers(Type.Object({ limit: Type.Integer(), address: Type.String() }))
  list(@ValidQuery(querySchema) query: Static<typeof querySchema>, @Context() context: RequestContext) {
    return { limit: query.limit, address: context.clientAddress, secret: 'internal' };
  }

  @Get(':id')
  @Answers(Type.Object({ id: Type.String() }))
  one(@ValidParams(paramsSchema) params: Static<typeof paramsSchema>) {
    if (params.id === 'missing') throw new GatewayError('not_found');
    if (params.id === 'boom') throw new Error('secret text');
    if (params.id === 'unfit') return {};
    return { id: params.id, cost: 1 };
  }

  @Get('undeclared/all')
  undeclared() {
    return { secret: 'internal' };
  }

  @Post()
  @Answers(bodySchema, { status: 201 })
  create(@ValidBody(bodySchema) body: Static<typeof bodySchema>) {
    return body;
  }
}

const isProblem = new Ajv().compile(problemSchema);

describe('createGateway', () => {
  let gateway: Gateway;
  let app: NestFastifyApplication;
  let log: RecordingLog;
  beforeAll(async () => {
    ({ gateway, log } = await startTestGateway(http, [ThingsController]));
    app = gateway.app;
  });
  afterAll(() => gateway.close());

  it('serves what the schema names and nothing else', async () => {
    const response = await fetch(`${gateway.url}/api/web/things?limit=5`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ limit: 5, address: '127.0.0.1' });
    expect(response.headers.get('x-request-id')).toMatch(/^[a-z0-9]{24}$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['GET', '/api/web/things?limit=0', undefined, 400, 'invalid_input'],
    ['GET', '/api/web/things?limit=x', undefined, 400, 'invalid_input'],
    ['GET', '/api/web/things?nope=1', undefined, 400, 'invalid_input'],
    ['GET', '/api/web/things/missing', undefined, 404, 'not_found'],
    ['GET', '/api/web/things/boom', undefined, 500, 'internal_error'],
    ['GET', '/api/web/things/unfit', undefined, 500, 'internal_error'],
    ['GET', '/api/web/things/undeclared/all', undefined, 500, 'internal_error'],
    ['GET', '/nowhere', undefined, 404, 'not_found'],
    ['DELETE', '/api/web/things', undefined, 405, 'method_not_allowed'],
    ['POST', '/api/web/things', { name: 'a', count: '1' }, 400, 'invalid_input'],
    ['POST', '/api/web/things', { name: 'a', count: 1, more: 1 }, 400, 'invalid_input'],
    ['POST', '/api/web/things', undefined, 400, 'invalid_input'],
  ] as const)('%s %s %j is refused with %d %s', async (method, url, payload, status, reason) => {
    const response = await app.inject({ method, url, ...(payload ? { payload } : {}) });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe('application/problem+json');
    const problem = response.json<Record<string, unknown>>();
    expect(isProblem(problem)).toBe(true);
    expect(problem).toMatchObject({ status, reason, instance: response.headers['x-request-id'] });
    expect(response.body).not.toContain('secret');
  });

  it('logs a fault of its own with its place, for operators only', async () => {
    await app.inject({ method: 'GET', url: '/api/web/things/boom' });
    expect(log.of('request failed').at(-1)).toMatchObject({
      route: '/api/web/things/:id',
      reason: 'internal_error',
      error: expect.any(Error),
    });
  });

  it('answers health on both ports', async () => {
    expect(await (await fetch(`${gateway.url}/health`)).json()).toEqual({ status: 'healthy' });
    const ready = await fetch(`${gateway.managementUrl}/health/ready`);
    expect(ready.status).toBe(200);
  });
});
