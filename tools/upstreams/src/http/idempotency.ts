import { type Inbound, type Reply } from './exchange.ts';
import { HttpFault } from './http-fault.ts';

const MAX_KEYS = 10_000;
const MAX_KEY_LENGTH = 255;

interface Remembered {
  body: string;
  reply: Reply;
}

/**
 * Answers a repeated `Idempotency-Key` with the first answer instead of doing the work again
 * (draft-ietf-httpapi-idempotency-key-header): 422 when the key comes back with another body. A key belongs to its
 * caller (`X-User-ID`), method and path: nobody gets an answer made for somebody else. Remembers the latest 10,000.
 */
export class IdempotentReplies {
  readonly #byScope = new Map<string, Remembered>();

  /** `work` must be synchronous: two requests with one key could otherwise both start it. */
  answer(inbound: Inbound, body: unknown, work: () => Reply): Reply {
    const key = inbound.headers['idempotency-key'];
    if (typeof key !== 'string') return work();
    if (key === '' || key.length > MAX_KEY_LENGTH) {
      throw new HttpFault(400, `Idempotency-Key must have 1 to ${MAX_KEY_LENGTH} characters.`);
    }
    const scope = JSON.stringify([inbound.headers['x-user-id'] ?? null, inbound.method, inbound.path, key]);
    const fingerprint = JSON.stringify(body);
    const known = this.#byScope.get(scope);
    if (known === undefined) return this.#remember(scope, fingerprint, work());
    if (known.body !== fingerprint) {
      throw new HttpFault(422, 'This Idempotency-Key was used for another request.');
    }
    return { ...known.reply, headers: { ...known.reply.headers, 'idempotency-replayed': 'true' } };
  }

  #remember(scope: string, body: string, reply: Reply): Reply {
    const oldest = this.#byScope.keys().next();
    if (this.#byScope.size >= MAX_KEYS && !oldest.done) this.#byScope.delete(oldest.value);
    this.#byScope.set(scope, { body, reply });
    return reply;
  }
}
