import { CallStage } from '@facet/resilience';
import { buffer } from 'node:stream/consumers';
import { type CachePolicy, identityKey } from '../cache-policy.ts';
import { type CacheRequest } from '../exchange-types.ts';
import { type HttpCache } from '../http-cache.ts';
import { combined, type HeaderField, type HeaderList } from '../rules/fields.ts';
import { noContent } from '../stored-answer.ts';
import { type JsonBodies } from './json-bodies.ts';
import { type CacheableAnswer, type CacheableCall } from './json-call.ts';
import { headerLines, headerRecord, ServedAnswer } from './served-answer.ts';

export interface JsonCacheStageParts {
  /** Label of the metric where no endpoint is known. */
  readonly upstream: string;
  /** Scheme and authority of the upstream. */
  readonly origin: string;
  readonly cache: () => HttpCache;
  readonly bodies: JsonBodies;
}

const writing: CachePolicy = { identity: 'public' };

/**
 * Caches the JSON calls of one upstream that carry a policy, by the same rules and in the same store as routes. Any
 * call that changes something ends what is stored of its URI, policy or not.
 */
export class JsonCacheStage<C extends CacheableCall<C>> extends CallStage<C, CacheableAnswer> {
  readonly #next: CallStage<C, CacheableAnswer>;
  readonly #parts: JsonCacheStageParts;

  constructor(next: CallStage<C, CacheableAnswer>, parts: JsonCacheStageParts) {
    super();
    this.#next = next;
    this.#parts = parts;
  }

  override run(call: C): Promise<CacheableAnswer> {
    const { method, cache } = call.parts;
    if (method !== 'GET' && method !== 'HEAD') return this.#write(call);
    return cache === undefined ? this.#next.run(call) : this.#read(call, cache as CachePolicy);
  }

  async #write(call: C): Promise<CacheableAnswer> {
    let answer: CacheableAnswer | undefined;
    await this.#parts.cache().handle(this.#request(call, writing), writing, async () => {
      answer = await this.#next.run(call);
      return { status: answer.status, headers: headerLines(answer.headers), body: noContent };
    });
    return answer as CacheableAnswer;
  }

  async #read(call: C, policy: CachePolicy): Promise<CacheableAnswer> {
    const { bodies, cache } = this.#parts;
    /** What this call itself brought. */
    let own: { readonly answer: CacheableAnswer; readonly bytes: Buffer } | undefined;
    const response = await cache().handle(this.#request(call, policy), policy, async ({ signal }) => {
      const answer = await this.#next.run(call.detached(signal));
      own = { answer, bytes: bodies.bytesOf(answer.body) };
      return { status: answer.status, headers: keptLines(answer), body: own.bytes };
    });
    const { decisions } = call.parts.context;
    decisions.cache = response.result;
    decisions.cacheStatus = response.cacheStatus;
    const { status, headers, body } = response;
    // As it came, with what the cache leaves out: a failure's Retry-After.
    if (own?.bytes === body && own.answer.status === status) return own.answer;
    const bytes = Buffer.isBuffer(body) ? body : await buffer(body);
    return new ServedAnswer(status, headerRecord(headers), bodies.bodyOf(bytes));
  }

  #request(call: C, policy: CachePolicy): CacheRequest {
    const { method, path, headers, context, reader, acceptStatuses = [] } = call.parts;
    const fields = pairs(headers);
    return {
      route: context.decisions.route ?? this.#parts.upstream,
      scope: `json ${acceptStatuses.join()}${reader === undefined ? '' : ` ${reader.key}`}`,
      method,
      origin: this.#parts.origin,
      path,
      headers: fields,
      identityKey: identityKey(policy.identity, context.principal),
      hasAuthorization: combined(fields, 'authorization') !== undefined,
      signal: call.signal,
      deadline: call.deadline,
    };
  }
}

/** An answer that is no success is not kept: its body is not always read. */
function keptLines({ status, headers }: CacheableAnswer): HeaderList {
  return status >= 200 && status < 300 ? headerLines(headers) : [['cache-control', 'no-store']];
}

function pairs(flat: readonly string[]): HeaderField[] {
  const fields: HeaderField[] = [];
  for (let index = 0; index < flat.length; index += 2)
    fields.push([flat[index] ?? '', flat[index + 1] ?? '']);
  return fields;
}
