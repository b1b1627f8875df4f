import { type Static, Type } from 'typebox';
import { type GatewayError } from './gateway-error.ts';
import { reasonDefinition, reasons } from './reasons.ts';
import { localizedUserMessage } from './user-messages.ts';

const reasonSchema = Type.Enum(Object.keys(reasons));

/** The one error body of the family (RFC 9457): every answer outside 2xx and 3xx validates against it. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ pattern: '^/problems/[a-z_]+$' }),
    title: Type.String({ minLength: 1 }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    instance: Type.String({ minLength: 1, description: 'the request id' }),
    reason: reasonSchema,
    message: Type.String({ minLength: 1, description: 'same as title' }),
    code: Type.Integer({ minimum: 400, maximum: 599, description: 'same as status' }),
    retryAfter: Type.Optional(Type.Integer({ minimum: 0, description: 'seconds' })),
    violations: Type.Optional(
      Type.Array(
        Type.Object(
          {
            in: Type.Enum(['query', 'body', 'path', 'header']),
            pointer: Type.String(),
            message: Type.String(),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    parts: Type.Optional(
      Type.Array(Type.Object({ part: Type.String(), reason: reasonSchema }, { additionalProperties: false })),
    ),
    userMessage: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

/** An `application/problem+json` document. */
export type Problem = Static<typeof problemSchema>;

/**
 * Builds the problem document of an error for one request.
 * @param instance the request id
 * @param language of `userMessage`, lower-case primary subtag
 */
export function toProblem(error: GatewayError, instance: string, language = 'en'): Problem {
  const { title } = reasonDefinition(error.reason);
  const { detail, violations, parts, userMessage } = error.options;
  return {
    type: `/problems/${error.reason}`,
    title,
    status: error.status,
    detail: detail ?? title,
    instance,
    reason: error.reason,
    message: title,
    code: error.status,
    ...(error.options.retryAfterMs === undefined
      ? {}
      : { retryAfter: retryAfterSeconds(error.options.retryAfterMs) }),
    ...(violations ? { violations: [...violations] } : {}),
    ...(parts ? { parts: [...parts] } : {}),
    ...(userMessage === undefined ? {} : { userMessage: localizedUserMessage(userMessage, language) }),
  };
}

/** Whole seconds for `Retry-After`, never earlier than the wait itself and at least 1. */
export function retryAfterSeconds(retryAfterMs: number): number {
  return Math.max(1, Math.ceil(retryAfterMs / 1000));
}
