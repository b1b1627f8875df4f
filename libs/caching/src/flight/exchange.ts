import { Readable } from 'node:stream';
import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type CachePolicy } from '../cache-policy.ts';
import { type CacheRequest, type Origin, type OriginResponse } from '../exchange-types.ts';
import { declaredBytes, type HeaderList } from '../rules/fields.ts';
import { type Timing } from '../rules/freshness.ts';
import { storable } from '../rules/storable.ts';
import { updatedFields } from '../rules/stored-fields.ts';
import { conditional, confirms, contradicts, unconditional } from '../rules/validation.ts';
import { variantOf } from '../rules/vary.ts';
import { StoredResponse } from '../stored-response.ts';
import { type BufferBudget } from './buffer-budget.ts';
import { discard } from './discard.ts';
import { type Landing } from './landing.ts';
import { SharedBody, type SharedBodyOptions } from './shared-body.ts';

/** Answers that `stale-if-error` covers (RFC 5861 section 4). */
const errorStatuses: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Where an exchange leaves what it finds out. */
export interface Shelf {
  /** The answer is complete. */
  put(stored: StoredResponse): Promise<void>;
  /** The stored answer no longer holds and nothing takes its place. */
  drop(): Promise<void>;
  /** The answer broke off, or turned out too large: it is not stored after all. */
  giveUp(tooLarge: boolean): void;
}

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly budget: BufferBudget;
  readonly maxEntryBytes: number;
  readonly request: CacheRequest;
  readonly policy: CachePolicy;
  readonly origin: Origin;
  readonly labels: readonly string[];
  /** What is stored for this request and not fresh enough. */
  readonly stored: StoredResponse | undefined;
  /** The client's own conditions go along: there is nothing stored to judge them by. */
  readonly keepConditions: boolean;
  readonly background: boolean;
  readonly shelf: Shelf;
}

/** One exchange with the origin, conditional when something is stored. Answers to GET are stored, to HEAD never. */
export class Exchange {
  readonly #options: ExchangeOptions;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<Landing> {
    const { stored, request } = this.#options;
    const question = stored && conditional(request.headers, stored.head);
    let landing = await this.#ask(question, signal);
    // The 304 was about another answer than ours: ask for it in full.
    landing ??= await this.#ask(undefined, signal);
    if (landing === undefined) throw new GatewayError('upstream_protocol_error');
    return landing;
  }

  /** @returns undefined when the origin confirmed something that is not stored here */
  async #ask(question: HeaderList | undefined, signal: AbortSignal): Promise<Landing | undefined> {
    const { clock, request, keepConditions, background, origin, stored } = this.#options;
    const headers = question ?? (keepConditions ? request.headers : unconditional(request.headers));
    const sentAtMs = clock.monotonic();
    let response: OriginResponse;
    try {
      response = await origin({ headers, signal, background });
    } catch (error) {
      return this.#inPlaceOfError(error);
    }
    const timing: Timing = { sentAtMs, answeredAtMs: clock.monotonic(), wallMs: clock.now() };
    if (
      stored &&
      errorStatuses.has(response.status) &&
      timing.answeredAtMs < stored.head.staleIfErrorUntilMs
    ) {
      discard(response);
      return { kind: 'stored', stored, result: 'stale', originStatus: response.status };
    }
    if (response.status === 304 && question && stored) return await this.#confirm(response, stored, timing);
    return await this.#receive(response, timing);
  }

  #inPlaceOfError(error: unknown): Landing {
    const { stored, clock } = this.#options;
    const noAnswer = error instanceof GatewayError && error.proxyStatus !== undefined;
    if (!stored || !noAnswer || clock.monotonic() >= stored.head.staleIfErrorUntilMs) throw error;
    return { kind: 'stored', stored, result: 'stale', originStatus: undefined };
  }

  async #confirm(
    response: OriginResponse,
    stored: StoredResponse,
    timing: Timing,
  ): Promise<Landing | undefined> {
    const { shelf, request } = this.#options;
    discard(response);
    if (!confirms(response.headers, stored.head)) {
      await shelf.drop();
      return undefined;
    }
    const { status, statusText } = stored.head;
    const headers = updatedFields(stored.head.headers, response.headers);
    const answered = { status, ...(statusText === undefined ? {} : { statusText }), headers };
    const head = this.#storable(answered, timing);
    if (!head) {
      // It was everybody's and is no longer: the one who asked still gets it.
      await shelf.drop();
      const body = request.method === 'HEAD' ? Buffer.alloc(0) : stored.body;
      return { kind: 'passing', response: { ...answered, body } };
    }
    const updated = new StoredResponse(head, stored.body);
    await shelf.put(updated);
    return { kind: 'stored', stored: updated, result: 'revalidated', originStatus: 304 };
  }

  async #receive(response: OriginResponse, timing: Timing): Promise<Landing> {
    const { request, stored, shelf } = this.#options;
    const head = request.method === 'GET' ? this.#storable(response, timing) : undefined;
    if (!head) {
      if (stored && this.#replaces(response, stored)) await shelf.drop();
      return { kind: 'passing', response };
    }
    const variant = variantOf(head.vary, request.headers);
    if (response.body instanceof Readable) {
      const body = this.#share(response.body, response.headers, (outcome) => {
        if (Buffer.isBuffer(outcome)) void shelf.put(new StoredResponse(head, outcome));
        else shelf.giveUp(outcome === 'too large');
      });
      return { kind: 'storing', response, head, variant, body };
    }
    await shelf.put(new StoredResponse(head, response.body));
    return { kind: 'storing', response, head, variant, body: response.body };
  }

  /** Whether an answer that is not stored tells that the stored one no longer holds. A server error tells nothing. */
  #replaces(response: OriginResponse, stored: StoredResponse): boolean {
    if (response.status >= 500) return false;
    return this.#options.request.method === 'GET' || contradicts(response.headers, stored.head);
  }

  #storable(answered: Pick<OriginResponse, 'status' | 'statusText' | 'headers'>, timing: Timing) {
    const { request, policy, labels, maxEntryBytes } = this.#options;
    const length = declaredBytes(answered.headers);
    if (length !== undefined && length > maxEntryBytes) return undefined;
    const { status, statusText, headers } = answered;
    const asked = { headers: request.headers, hasAuthorization: request.hasAuthorization, labels };
    const head = { status, ...(statusText === undefined ? {} : { statusText }), headers };
    return storable(asked, head, policy, timing);
  }

  #share(source: Readable, headers: HeaderList, settled: SharedBodyOptions['settled']): SharedBody {
    const { budget, maxEntryBytes, background } = this.#options;
    return new SharedBody(source, {
      maxBytes: maxEntryBytes,
      budget,
      expectedBytes: declaredBytes(headers),
      unattended: background,
      settled,
    });
  }
}
