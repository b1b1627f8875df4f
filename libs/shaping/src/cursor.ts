import { GatewayError } from '@facet/errors';

/**
 * The answer to a call for one page. The rest of its query was checked before, so what the upstream finds wrong is the
 * cursor: the client's 400, as for any other parameter.
 * @throws GatewayError `invalid_input` in place of `unprocessable`
 */
export function withCursor<T>(cursor: string | undefined, call: Promise<T>): Promise<T> {
  return cursor === undefined ? call : call.catch(refuseCursor);
}

function refuseCursor(cause: unknown): never {
  if (!(cause instanceof GatewayError) || cause.reason !== 'unprocessable') throw cause;
  throw new GatewayError('invalid_input', {
    violations: [{ in: 'query', pointer: '/cursor', message: 'is no cursor of this list' }],
    cause,
  });
}
