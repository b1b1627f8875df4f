import { type CacheRequest } from './exchange-types.ts';
import { variantOf } from './rules/vary.ts';
import { type CacheStore } from './store/cache-store.ts';
import { StoredResponse, VaryMarker } from './stored-response.ts';

/** Where the answer to a request is, or would be. */
export interface Place {
  /** Of the URI as this scope and this caller see it. */
  readonly uriKey: string;
  /** Of the variant this request chooses; the same while no answer varied. */
  readonly key: string;
  /** The fields that answers of this URI vary by, as far as known. */
  readonly vary: readonly string[];
  readonly stored: StoredResponse | undefined;
}

/** Stored answers by request: one key for a URI, one more per variant where its answers vary. */
export class Shelves {
  readonly #store: CacheStore;

  constructor(store: CacheStore) {
    this.#store = store;
  }

  find(request: CacheRequest): Place | Promise<Place> {
    const uriKey = `${request.origin}${request.path}\n${request.scope}\n${request.identityKey}`;
    const record = this.#store.get(uriKey);
    return record instanceof Promise
      ? record.then((found) => this.#place(request, uriKey, found))
      : this.#place(request, uriKey, record);
  }

  /** The place of a request once it is known what its answers vary by. */
  under(vary: readonly string[], request: CacheRequest, { uriKey }: Place): Place {
    return { uriKey, key: keyOf(uriKey, vary, request), vary, stored: undefined };
  }

  /** @returns the key it is under now */
  async put(stored: StoredResponse, request: CacheRequest, place: Place): Promise<string> {
    const { vary, labels } = stored.head;
    // Written only when it changes: a variant more is one write.
    if (vary.length > 0 && !sameFields(vary, place.vary)) {
      await this.#store.set(place.uriKey, new VaryMarker(vary, labels));
    }
    const key = keyOf(place.uriKey, vary, request);
    await this.#store.set(key, stored);
    return key;
  }

  async drop(key: string): Promise<void> {
    await this.#store.delete(key);
  }

  #place(
    request: CacheRequest,
    uriKey: string,
    record: StoredResponse | VaryMarker | undefined,
  ): Place | Promise<Place> {
    if (!(record instanceof VaryMarker)) return { uriKey, key: uriKey, vary: [], stored: record };
    const { vary } = record;
    const key = keyOf(uriKey, vary, request);
    const variant = this.#store.get(key);
    return variant instanceof Promise
      ? variant.then((found) => ({ uriKey, key, vary, stored: answerOnly(found) }))
      : { uriKey, key, vary, stored: answerOnly(variant) };
  }
}

function keyOf(uriKey: string, vary: readonly string[], request: CacheRequest): string {
  return vary.length === 0 ? uriKey : `${uriKey}\n${variantOf(vary, request.headers)}`;
}

function answerOnly(record: StoredResponse | VaryMarker | undefined): StoredResponse | undefined {
  return record instanceof StoredResponse ? record : undefined;
}

function sameFields(one: readonly string[], another: readonly string[]): boolean {
  return one.length === another.length && one.every((name, index) => name === another[index]);
}
