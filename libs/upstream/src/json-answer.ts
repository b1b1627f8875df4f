import { GatewayError } from '@facet/errors';
import { type Answer, type DoneListener } from '@facet/resilience';
import { type UpstreamResponse } from './upstream-call.ts';

/** A buffered answer with its body read as JSON. */
export class JsonAnswer implements Answer, UpstreamResponse<unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;

  constructor(status: number, headers: Readonly<Record<string, string | string[]>>, body: unknown) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  get retryAfter(): string | undefined {
    const value = this.headers['retry-after'];
    return typeof value === 'string' ? value : undefined;
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
  headers: Readonly<Record<string, string | string[] | undefined>>,
  upstream: string,
): unknown {
  if (body.length === 0) return undefined;
  const type = headers['content-type'];
  if (typeof type !== 'string' || !jsonType.test(type)) throw protocolError(upstream, 'content type');
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity') throw protocolError(upstream, 'content coding');
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw protocolError(upstream, 'invalid JSON');
  }
}

function protocolError(upstream: string, cause: string): GatewayError {
  return new GatewayError('upstream_protocol_error', { upstream, cause });
}
