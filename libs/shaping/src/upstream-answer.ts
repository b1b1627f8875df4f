import { GatewayError } from '@facet/errors';
import { Ajv, type ValidateFunction } from 'ajv';
import { type Static, type TSchema } from 'typebox';
import { SelectionReader } from './selection/selection-reader.ts';

const ajv = new Ajv({ strict: false, validateSchema: false });

/** What a typed client makes of an upstream's body: how it is read, and what it must be. */
export interface UpstreamAnswer<T> {
  /** For `UpstreamCall.reader`. Undefined: the body is read whole. */
  readonly reader: SelectionReader | undefined;
  /**
   * The body itself, for views that are total functions. Members the schema does not name are left as they are.
   * @throws GatewayError `upstream_protocol_error` naming the upstream; where the answer deviates is for the log only
   */
  check(body: unknown): T;
}

/** The check every answer of an upstream passes before a view sees it. */
export function upstreamAnswer<S extends TSchema>(upstream: string, schema: S): UpstreamAnswer<Static<S>> {
  return new CheckedAnswer(upstream, schema, undefined);
}

/**
 * The same for an answer of which only the members the schema names are read: the others need not even be what the
 * upstream once promised. For schemas that name few of many; where most are wanted, reading all is faster.
 */
export function selectedAnswer<S extends TSchema>(upstream: string, schema: S): UpstreamAnswer<Static<S>> {
  return new CheckedAnswer(upstream, schema, new SelectionReader(schema));
}

class CheckedAnswer<S extends TSchema> implements UpstreamAnswer<Static<S>> {
  readonly reader: SelectionReader | undefined;
  readonly #upstream: string;
  readonly #schema: S;
  #fits: ValidateFunction<Static<S>> | undefined;

  constructor(upstream: string, schema: S, reader: SelectionReader | undefined) {
    this.#upstream = upstream;
    this.#schema = schema;
    this.reader = reader;
  }

  check(body: unknown): Static<S> {
    const upstream = this.#upstream;
    // Compiled when an answer comes: a gateway that only ever reads a selection would start later for nothing.
    const fits = (this.#fits ??= ajv.compile<Static<S>>(this.#schema));
    if (fits(body)) return body;
    const [error] = fits.errors ?? [];
    throw new GatewayError('upstream_protocol_error', {
      upstream,
      cause: new TypeError(`answer of ${upstream} at ${error?.instancePath || '/'}: ${error?.message}`),
    });
  }
}
