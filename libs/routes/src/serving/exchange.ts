import { type Clock, Deadline, DerivedContext, type RequestContext, type StageRequest } from '@facet/context';
import {
  type ForwardRequest,
  type HeaderField,
  type InterimListener,
  type UpstreamClient,
} from '@facet/upstream';
import { type Readable } from 'node:stream';
import { clientFields, type OutgoingFields, outgoingFields } from './outgoing-fields.ts';
import { type FoundRoute, templateValues } from './found-route.ts';
import { hasBody, RequestBody } from './request-body.ts';
import { UploadWatch } from './upload-watch.ts';

/** An answer of the upstream, or of a cache in front of it. */
export interface RouteAnswer {
  readonly status: number;
  readonly statusText?: string;
  readonly headers: readonly HeaderField[];
  /** The very same list comes with later answers as well. Default: it is this answer's own. */
  readonly isListKept?: boolean;
  readonly body: Readable | Buffer;
}

/** Statuses a route that asks for retries does not take for an answer while it may ask again. */
const retryStatuses = [502, 503, 504];

/** Time for the answer to an upload whose body has arrived, and bound of the whole of it, by default. */
const longestUploadMs = 300_000;

/** One request of a route, made ready for its upstream. */
export class Exchange {
  /** Path and query for the upstream. */
  readonly path: string;
  readonly body: RequestBody | undefined;
  readonly #found: FoundRoute;
  readonly #request: StageRequest;
  readonly #clock: Clock;
  readonly #interim: InterimListener | undefined;
  #fields: OutgoingFields | undefined;

  /** @throws `body_too_large` when the declared length says so */
  constructor(found: FoundRoute, request: StageRequest, clock: Clock, interim?: InterimListener) {
    const { route } = found;
    this.#interim = interim;
    this.#found = found;
    this.#request = request;
    this.#clock = clock;
    this.path = route.target(found.path) + (route.requestQuery ? this.#query() : found.search);
    this.body = hasBody(request.raw) ? new RequestBody(request.raw, route.bodyLimitBytes) : undefined;
  }

  /** What the upstream is sent; made when somebody asks: an answer out of the store needs none of it. */
  get fields(): OutgoingFields {
    return (this.#fields ??= outgoingFields(this.#found.route, clientFields(this.#request), () =>
      this.#values(),
    ));
  }

  /** Asks the upstream. */
  send(client: UpstreamClient): Promise<RouteAnswer> {
    const { facet } = this.#request;
    return this.body ? this.#upload(client, this.body) : this.sendAs(client, facet, this.fields);
  }

  /** Asks the upstream within another context, with other fields. */
  sendAs(client: UpstreamClient, context: RequestContext, fields: OutgoingFields): Promise<RouteAnswer> {
    return client.forward(context, this.#forwardRequest(fields, undefined));
  }

  async #upload(client: UpstreamClient, body: RequestBody): Promise<RouteAnswer> {
    const { facet } = this.#request;
    const answerMs = facet.deadline.remainingMs();
    const watch = new UploadWatch(this.#clock, body, answerMs);
    const context = new DerivedContext(
      facet,
      Deadline.after(this.#clock, longestUploadMs),
      AbortSignal.any([facet.signal, watch.signal]),
    );
    try {
      return await client.forward(context, {
        ...this.#forwardRequest(this.fields, body),
        timeoutMs: longestUploadMs,
      });
    } catch (error) {
      // The upstream's side only knows that the upload broke off.
      throw body.fault ?? error;
    } finally {
      watch.stop();
    }
  }

  #forwardRequest({ headers, ownHeaders }: OutgoingFields, body: RequestBody | undefined): ForwardRequest {
    const { route } = this.#found;
    const { timeoutMs } = route.declaration;
    return {
      method: this.#request.method,
      route: route.policy.route,
      path: this.path,
      headers,
      ...(ownHeaders.length === 0 ? {} : { ownHeaders }),
      ...(body === undefined ? {} : { body }),
      ...(this.#request.facet.isSecure === true ? { scheme: 'https' as const } : {}),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(this.#interim === undefined ? {} : { interim: this.#interim }),
      ...(route.attempts === undefined ? {} : { retryAttempts: route.attempts, retryStatuses }),
    };
  }

  #query(): string {
    const { route, search } = this.#found;
    const query = route.requestQuery?.(search.slice(1), this.#values()) ?? '';
    return query === '' ? '' : `?${query}`;
  }

  #values(): ReturnType<typeof templateValues> {
    return templateValues(this.#found, this.#request);
  }
}
