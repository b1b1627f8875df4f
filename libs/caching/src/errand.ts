import { type CachePolicy } from './cache-policy.ts';
import { type ForwardReason } from './cache-status.ts';
import { type CacheRequest } from './exchange-types.ts';
import { type Trip } from './flight/flights.ts';
import { type RequestWishes } from './rules/request-wishes.ts';
import { labels } from './store/cache-store.ts';

/** One request that needs the origin, and why. */
export interface Errand extends Trip {
  readonly wishes: RequestWishes;
  readonly fwd: ForwardReason;
}

/** What an answer to this request is purged by. */
export function labelsOf({ origin, path }: CacheRequest, { tags = [] }: CachePolicy): string[] {
  const query = path.indexOf('?');
  const all = [labels.uri(origin + path), labels.path(path), ...tags.map((tag) => labels.tag(tag))];
  return query === -1 ? all : [...all, labels.path(path.slice(0, query))];
}
