import { GatewayError } from '@facet/errors';
import { type Answer, type DoneListener } from '@facet/resilience';
import { type AnswerFields } from './transport/transport.ts';
import { type BodyReader, type UpstreamResponse } from './upstream-call.ts';

/** What a JSON call gets. */
export interface JsonAnswer extends Answer, UpstreamResponse<unknown> {
  readonly retryAfter: string | undefined;
}

/** A buffered answer with its body read as JSON. */
export class ParsedAnswer implements JsonAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly #fields: AnswerFields;

  constructor(status: number, fields: AnswerFields, body: unknown) {
    this.status = status;
    this.#fields = fields;
    this.body = body;
  }

  get headers(): Readonly<Record<string, string | string[]>> {
    return this.#fields.headers;
  }

  get retryAfter(): string | undefined {
    return this.#fields.value('retry-after');
  }

  discard(): void {
    // Its body has been read already.
  }

  whenDone(listener: DoneListener): void {
    listener.done();
  }
}

const jsonType = /^application\/(?:json|[a-z0-9!#$&^_.+-]+\+json)[\t ]*(?:;|$)/i;

/**
 * Reads a body as JSON. An empty one is undefined; anything else must say that it is JSON, carry no content coding
 * (none was offered) and parse. Throws `upstream_protocol_error`; nothing of the body is kept in the error.
 */
export function parseJson(
  body: Buffer,
  fields: AnswerFields,
  upstream: string,
  reader?: BodyReader,
): unknown {
  if (body.length === 0) return undefined;
  const type = fields.value('content-type');
  if (type === undefined || !jsonType.test(type)) throw protocolError(upstream, 'content type');
  const coding = fields.value('content-encoding');
  if (coding !== undefined && coding !== 'identity') throw protocolError(upstream, 'content coding');
  try {
    return reader === undefined ? (JSON.parse(body.toString('utf8')) as unknown) : reader.read(body);
  } catch {
    throw protocolError(upstream, 'invalid JSON');
  }
}

function protocolError(upstream: string, cause: string): GatewayError {
  return new GatewayError('upstream_protocol_error', { upstream, cause });
}
