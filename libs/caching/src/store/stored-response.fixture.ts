import { type StoredHead, StoredResponse, VaryMarker } from '../stored-response.ts';
import { type CacheRecord } from '../stored-response.ts';

/** A fresh answer for tests of stores. */
export function storedAnswer(
  body: Buffer,
  labels: readonly string[],
  head: Partial<StoredHead> = {},
): StoredResponse {
  return new StoredResponse(
    {
      status: 200,
      statusText: 'OK',
      headers: [
        ['Content-Type', 'text/plain'],
        ['X-Twice', 'one'],
        ['X-Twice', 'two'],
      ],
      bornAtMs: 0,
      freshUntilMs: 60_000,
      staleWhileRevalidateUntilMs: -Infinity,
      staleIfErrorUntilMs: 90_000,
      alwaysRevalidate: false,
      neverStale: false,
      immutable: false,
      etag: '"tag"',
      vary: [],
      labels,
      ...head,
    },
    body,
  );
}

/** What a record is sent as. */
export function look(record: CacheRecord): unknown {
  return record instanceof VaryMarker
    ? { vary: record.vary, labels: record.labels }
    : { head: record.head, body: record.body.toString('hex') };
}
