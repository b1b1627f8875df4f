import { type Clock } from '@facet/context';
import { type CacheResult, type Forwarding, forwardedStatus } from './cache-status.ts';
import { type CacheRequest, type CacheResponse, type OriginResponse } from './exchange-types.ts';
import { type StoredLanding, type StoringLanding } from './flight/landing.ts';
import { type HeaderField } from './rules/fields.ts';
import { type RequestWishes } from './rules/request-wishes.ts';
import { isNotModified } from './rules/validation.ts';
import { answerFrom, notModified, whole } from './stored-answer.ts';
import { type StoredResponse } from './stored-response.ts';

/** Words the answers of one cache: each carries its member of `Cache-Status`. */
export class Replies {
  readonly #name: string;
  readonly #clock: Clock;

  constructor(name: string, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
  }

  /** Out of the store, without asking anyone. */
  hit(
    stored: StoredResponse,
    request: CacheRequest,
    wishes: RequestWishes,
    result: CacheResult,
  ): CacheResponse {
    const hit = stored.hit(this.#clock.monotonic(), this.#name);
    if (wishes.plain && request.method === 'GET') {
      const { status, statusText } = stored.head;
      const response = {
        status,
        headers: hit.headers,
        isListKept: true,
        body: stored.body,
        cacheStatus: hit.cacheStatus,
        result,
      };
      return statusText === undefined ? response : { ...response, statusText };
    }
    return { ...answerFrom(stored, request.method, wishes, hit, this.#clock.now()), result };
  }

  /** Out of the store, after the origin was asked. */
  landed(
    { stored, result, originStatus }: StoredLanding,
    request: CacheRequest,
    wishes: RequestWishes,
    forwarding: Forwarding,
  ): CacheResponse {
    const cacheStatus = forwardedStatus(this.#name, { ...forwarding, fwdStatus: originStatus });
    const marks = { ageSeconds: stored.ageSeconds(this.#clock.monotonic()), cacheStatus };
    return { ...answerFrom(stored, request.method, wishes, marks, this.#clock.now()), result };
  }

  /** While it is being stored: to the one who brought it about as it came, to the others as stored. */
  storing(landing: StoringLanding, wishes: RequestWishes, forwarding: Forwarding): CacheResponse {
    const { head, response, body } = landing;
    const result = forwarding.collapsed ? 'collapsed' : 'miss';
    const cacheStatus = forwardedStatus(this.#name, { ...forwarding, fwdStatus: head.status, stored: true });
    const ageSeconds = Math.max(0, Math.floor((this.#clock.monotonic() - head.bornAtMs) / 1000));
    const marks = { ageSeconds, cacheStatus };
    if (isNotModified(wishes, head, this.#clock.now())) return { ...notModified(head, marks), result };
    const opened = Buffer.isBuffer(body) ? body : body.open();
    if (forwarding.collapsed) return { ...whole(head, opened, marks), result };
    return { ...response, headers: marked(response, cacheStatus), body: opened, cacheStatus, result };
  }

  /** As it came from the origin, for one client alone. */
  passed(response: OriginResponse, result: CacheResult, forwarding: Forwarding): CacheResponse {
    const cacheStatus = forwardedStatus(this.#name, { ...forwarding, fwdStatus: response.status });
    return { ...response, headers: marked(response, cacheStatus), cacheStatus, result };
  }
}

function marked({ headers }: OriginResponse, cacheStatus: string): HeaderField[] {
  return [...headers, ['Cache-Status', cacheStatus]];
}
