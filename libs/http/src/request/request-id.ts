import { randomHex } from '@facet/context';

const maxLength = 64;

let lastMs = -1;
let lastTime = '';

/** A new request id: 24 lower-case characters that sort by time, then random. `nowMs` is wall time. */
export function newRequestId(nowMs: number): string {
  if (nowMs !== lastMs) {
    lastMs = nowMs;
    lastTime = nowMs.toString(36).padStart(8, '0');
  }
  return lastTime + randomHex(8);
}

/** An inbound `X-Request-Id` is believed when it is 1 to 64 characters of `A-Za-z0-9._-`; else it is replaced. */
export function isRequestId(value: string): boolean {
  if (value.length === 0 || value.length > maxLength) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const isAlphanumeric =
      (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
    if (!isAlphanumeric && code !== 45 && code !== 46 && code !== 95) return false;
  }
  return true;
}
