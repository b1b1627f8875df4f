import { type CacheResponse } from './exchange-types.ts';
import { type ByteRange, byteRange } from './rules/byte-range.ts';
import { type HeaderField, type HeaderList, without } from './rules/fields.ts';
import { type RequestWishes } from './rules/request-wishes.ts';
import { isNotModified, rangeHolds } from './rules/validation.ts';
import { type StoredHead, type StoredResponse } from './stored-response.ts';

export type Answer = Omit<CacheResponse, 'result'>;

export const noContent = Buffer.alloc(0);

/** Describe content that a 304 does not carry (RFC 9110 section 15.4.5). */
const contentFields: ReadonlySet<string> = new Set([
  'content-length',
  'content-type',
  'content-encoding',
  'content-language',
  'content-range',
]);
const lengthFields: ReadonlySet<string> = new Set(['content-length', 'content-range']);

/** What this answer is sent with beside its stored fields. */
export interface Marks {
  readonly ageSeconds: number;
  readonly cacheStatus: string;
}

/** Answers a request out of a stored answer: whole, a part of it, or a 304. */
export function answerFrom(
  stored: StoredResponse,
  method: string,
  wishes: RequestWishes,
  marks: Marks,
  wallMs: number,
): Answer {
  const { head, body } = stored;
  if (isNotModified(wishes, head, wallMs)) return notModified(head, marks);
  if (method === 'HEAD') return whole(head, noContent, marks);
  if (wishes.range === undefined || head.status !== 200 || !rangeHolds(wishes.ifRange, head)) {
    return whole(head, body, marks);
  }
  const range = byteRange(wishes.range, body.length);
  if (range === undefined) return whole(head, body, marks);
  return range === 'unsatisfiable' ? unsatisfiable(head, body, marks) : partial(head, body, range, marks);
}

/** Every field of a stored answer, with its age and how it came about. */
export function markedFields(headers: HeaderList, { ageSeconds, cacheStatus }: Marks): HeaderField[] {
  return [...headers, ['Age', String(ageSeconds)], ['Cache-Status', cacheStatus]];
}

export function whole(head: StoredHead, body: CacheResponse['body'], marks: Marks): Answer {
  return {
    status: head.status,
    ...(head.statusText === undefined ? {} : { statusText: head.statusText }),
    headers: markedFields(head.headers, marks),
    body,
    cacheStatus: marks.cacheStatus,
  };
}

export function notModified(head: StoredHead, marks: Marks): Answer {
  const headers = markedFields(without(head.headers, contentFields), marks);
  return { status: 304, headers, body: noContent, cacheStatus: marks.cacheStatus };
}

function partial(head: StoredHead, body: Buffer, { first, last }: ByteRange, marks: Marks): Answer {
  const headers = markedFields(without(head.headers, lengthFields), marks);
  headers.push(['Content-Range', `bytes ${first}-${last}/${body.length}`]);
  headers.push(['Content-Length', String(last - first + 1)]);
  return { status: 206, headers, body: body.subarray(first, last + 1), cacheStatus: marks.cacheStatus };
}

function unsatisfiable(head: StoredHead, body: Buffer, marks: Marks): Answer {
  const headers = markedFields(without(head.headers, contentFields), marks);
  headers.push(['Content-Range', `bytes */${body.length}`], ['Content-Length', '0']);
  return { status: 416, headers, body: noContent, cacheStatus: marks.cacheStatus };
}
