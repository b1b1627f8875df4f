import { hash } from 'node:crypto';

/** Up to here mixing is cheaper than a call into OpenSSL, which is dear to begin with and cheap by the byte. */
const shortText = 4_096;

/** Weak validator of a representation: equal bytes before any content coding. */
export function weakEtag(payload: string | Buffer): string {
  if (typeof payload === 'string' && payload.length <= shortText) return `W/"${mixed(payload)}"`;
  return `W/"${hash('sha1', payload, 'base64url')}"`;
}

/** A text's bytes, four at a time: reading a text that was put together of many pieces costs more than writing it down. */
const bytes = Buffer.alloc(shortText * 3 + 4);
const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);

/**
 * 64 bits of a text and its length. No secret hangs on it: who could choose an answer so that it looks like another one
 * of the same URL, could as well send the other one.
 */
function mixed(text: string): string {
  const length = bytes.write(text);
  // What stood behind it before is none of it.
  bytes[length] = bytes[length + 1] = bytes[length + 2] = 0;
  const count = (length + 3) >> 2;
  let a = 0x811c9dc5 ^ length;
  let b = 0x5bd1e995;
  for (let at = 0; at < count; at++) {
    const word = words[at] as number;
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul(b ^ word, 0x9e3779b1);
    b ^= b >>> 13;
  }
  return digits(spread(a), spread(b), length);
}

/** So that every bit that came in has a say in every one that goes out. */
function spread(lane: number): number {
  let bits = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** In base 64, 13 digits: `toString` of a large number is a call out of compiled code, and dearer than the mixing. */
function digits(a: number, b: number, length: number): string {
  return String.fromCharCode(
    digit(a),
    digit(a >>> 6),
    digit(a >>> 12),
    digit(a >>> 18),
    digit(a >>> 24),
    // What is left of both, together.
    digit((a >>> 30) | ((b >>> 30) << 2)),
    digit(b),
    digit(b >>> 6),
    digit(b >>> 12),
    digit(b >>> 18),
    digit(b >>> 24),
    digit(length),
    digit(length >>> 6),
  );
}

const base64url = Uint8Array.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
  (sign) => sign.charCodeAt(0),
);

function digit(bits: number): number {
  return base64url[bits & 63] as number;
}

/** Whether `If-None-Match` names this validator, compared weakly, or any with `*` (RFC 9110, section 13.1.2). */
export function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  const opaque = withoutWeakness(etag);
  return ifNoneMatch.split(',').some((candidate) => withoutWeakness(candidate.trim()) === opaque);
}

function withoutWeakness(etag: string): string {
  return etag.startsWith('W/') ? etag.slice(2) : etag;
}
