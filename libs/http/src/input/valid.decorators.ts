import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { type TSchema } from 'typebox';
import { InputCheck } from './input-check.ts';

type InputOf = (request: FastifyRequest) => unknown;

/** The schema is compiled when the class is defined: a wrong one stops the start, and no request pays for it. */
function validated(schema: TSchema, source: 'query' | 'body' | 'path', inputOf: InputOf): ParameterDecorator {
  const check = new InputCheck(schema, source);
  return createParamDecorator((_data: unknown, context: ExecutionContext) =>
    check.check(inputOf(context.getArgByIndex<FastifyRequest>(0))),
  )();
}

/**
 * The query string, checked: numbers and booleans are read from their text, defaults filled in, unknown parameters
 * refused with 400 `invalid_input`.
 */
export function ValidQuery(schema: TSchema): ParameterDecorator {
  return validated(schema, 'query', (request) => request.query);
}

/** The JSON body, checked and never coerced; unknown members are refused with 400 `invalid_input`. */
export function ValidBody(schema: TSchema): ParameterDecorator {
  return validated(schema, 'body', (request) => request.body);
}

/** The path parameters, checked and decoded, numbers read from their text. */
export function ValidParams(schema: TSchema): ParameterDecorator {
  return validated(schema, 'path', (request) => request.params);
}
