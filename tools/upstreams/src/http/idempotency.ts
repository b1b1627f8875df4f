import { type Inbound, type Reply } from './exchange.ts';
import { HttpFault } from './http-fault.ts';

const MAX_KEYS = 10_000;
const MAX_KEY_LENGTH = 255;

interface Remembered {
  request: string;
  reply: Reply;
}

/**
 * Answers a repeated `Idempotency-Key` with the first answer instead of doing the work again
 * (draft-ietf-httpapi-idempotency-key-header): 422 when the key comes back with another body.
 * Remembers the latest 10,000 keys.
 */
export class IdempotentReplies {
  readonly #byKey = new Map<string, Remembered>();

  /** `work` must be synchronous: two requests with one key could otherwise both start it. */
  answer(inbound: Inbound, body: unknown, work: () => Reply): Reply {
    const key = inbound.headers['idempotency-key'];
    if (typeof key !== 'string') return work();
    if (key === '' || key.length > MAX_KEY_LENGTH) {
      throw new HttpFault(400, `Idempotency-Key must have 1 to ${MAX_KEY_LENGTH} characters.`);
    }
    const request = JSON.stringify([inbound.path, body]);
    const known = this.#byKey.get(key);
    if (known === undefined) return this.#remember(key, request, work());
    if (known.request !== request) {
      throw new HttpFault(422, 'This Idempotency-Key was used for another request.');
    }
    return { ...known.reply, headers: { ...known.reply.headers, 'idempotency-replayed': 'true' } };
  }

  #remember(key: string, request: string, reply: Reply): Reply {
    const oldest = this.#byKey.keys().next();
    if (this.#byKey.size >= MAX_KEYS && !oldest.done) this.#byKey.delete(oldest.value);
    this.#byKey.set(key, { request, reply });
    return reply;
  }
}
