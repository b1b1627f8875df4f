import { type DoneListener } from '@facet/resilience';
import { type HeaderList } from '../rules/fields.ts';
import { type CacheableAnswer } from './json-call.ts';

/** A JSON answer out of the cache. */
export class ServedAnswer implements CacheableAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
  readonly retryAfter = undefined;

  constructor(status: number, headers: Readonly<Record<string, string | string[]>>, body: unknown) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  discard(): void {
    // It holds no socket.
  }

  whenDone(listener: DoneListener): void {
    listener.done();
  }
}

/** Field lines as a record; fields of several lines joined, cookies kept apart. */
export function headerRecord(headers: HeaderList): Record<string, string | string[]> {
  const record: Record<string, string | string[]> = {};
  for (const [field, value] of headers) {
    const name = field.toLowerCase();
    const before = record[name];
    if (name === 'set-cookie') record[name] = [...(before ?? []), value];
    else record[name] = before === undefined ? value : `${String(before)}, ${value}`;
  }
  return record;
}

/** A record as field lines. */
export function headerLines(record: Readonly<Record<string, string | string[]>>): [string, string][] {
  return Object.entries(record).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((line): [string, string] => [name, line]),
  );
}
