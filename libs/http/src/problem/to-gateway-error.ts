import { HttpException } from '@nestjs/common';
import { GatewayError, type Reason } from '@facet/errors';

/** What other people's HTTP statuses mean here; a status of no entry is a fault of ours. */
const reasonOfStatus: Readonly<Record<number, Reason>> = {
  400: 'malformed_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'request_timeout',
  409: 'conflict',
  410: 'gone',
  412: 'precondition_failed',
  413: 'body_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  422: 'unprocessable',
  429: 'rate_limited',
  431: 'headers_too_large',
  503: 'overloaded',
};

/** Any thrown value as the one error of the family: exceptions of Nest and Fastify by status, the rest `internal_error`. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const status = statusOf(thrown);
  const reason = status === undefined ? undefined : reasonOfStatus[status];
  if (reason === undefined) return new GatewayError('internal_error', { cause: thrown });
  return new GatewayError(reason, { cause: thrown, closeConnection: status === 413 || status === 408 });
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const { name, code, statusCode } = thrown as { name?: unknown; code?: unknown; statusCode?: unknown };
  if (name === 'FastifyError') return typeof statusCode === 'number' ? statusCode : undefined;
  return typeof code === 'string' && isDecoderFault(code) ? 400 : undefined;
}

/** zlib's and brotli's codes: the content coding of the request body is broken or cut short. */
function isDecoderFault(code: string): boolean {
  return code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT') || code.startsWith('ERR_BROTLI');
}
