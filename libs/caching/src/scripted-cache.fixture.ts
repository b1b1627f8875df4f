import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Clock } from '@facet/context';
import { type CachePolicy } from './cache-policy.ts';
import {
  type CacheRequest,
  type CacheResponse,
  type OriginRequest,
  type OriginResponse,
} from './exchange-types.ts';
import { HttpCache, type HttpCacheOptions } from './http-cache.ts';
import { type HeaderField } from './rules/fields.ts';
import { MemoryCacheStore } from './store/memory.cache-store.ts';

export type ScriptedAnswer = (asked: OriginRequest) => OriginResponse | Promise<OriginResponse>;

export interface AskOptions extends Partial<CacheRequest> {
  readonly policy?: CachePolicy;
}

/** A cache in front of an origin that answers as it is told to. */
export class ScriptedCache {
  readonly store = new MemoryCacheStore();
  readonly asked: OriginRequest[] = [];
  readonly results: string[] = [];
  readonly cache: HttpCache;
  answer: ScriptedAnswer = () => ok('hello');

  constructor(clock: Clock, options: Partial<HttpCacheOptions> = {}) {
    const observe = (_route: string, result: string) => void this.results.push(result);
    this.cache = new HttpCache({ clock, store: this.store, observe, ...options });
  }

  async ask(
    path: string,
    { policy = { identity: 'public' }, ...request }: AskOptions = {},
  ): Promise<CacheResponse> {
    const asked: CacheRequest = {
      route: '/*',
      scope: 'all',
      method: 'GET',
      origin: 'http://origin.test',
      path,
      headers: [],
      identityKey: '',
      hasAuthorization: false,
      signal: new AbortController().signal,
      ...request,
    };
    return await this.cache.handle(asked, policy, async (question) => {
      this.asked.push(question);
      return await this.answer(question);
    });
  }

  async text(path: string, options: AskOptions = {}): Promise<string> {
    return await textOf(await this.ask(path, options));
  }
}

export function ok(body: string, ...headers: HeaderField[]): OriginResponse {
  return { status: 200, headers: fields(headers), body: Readable.from([Buffer.from(body)]) };
}

function fields(headers: HeaderField[]): HeaderField[] {
  return headers.length > 0 ? headers : [['Cache-Control', 'max-age=60']];
}

export async function textOf({ body }: CacheResponse): Promise<string> {
  return (Buffer.isBuffer(body) ? body : await buffer(body)).toString();
}

export function headerOf({ headers }: CacheResponse, name: string): string | undefined {
  return headers.find(([field]) => field.toLowerCase() === name)?.[1];
}
