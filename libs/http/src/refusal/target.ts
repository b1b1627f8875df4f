import { limits } from './limits.ts';

/** What one look at a request target found; `ambiguous` may still be passed on by a route that wants it as it came. */
export type TargetFault = 'tooLong' | 'malformed' | 'ambiguous' | 'tooManyParameters';

/**
 * Judges the request target in one pass. Malformed: not a path, control or non-ASCII bytes, a backslash, `%00`, an
 * escape that is not two hex digits or not UTF-8. Ambiguous: `%2f`, `%5c`, `//`, a dot segment, `;`-free or not,
 * in any spelling. The query is only counted.
 */
export function targetFault(url: string): TargetFault | undefined {
  if (url.length > limits.urlBytes) return 'tooLong';
  if (url.charCodeAt(0) !== 0x2f) return 'malformed';
  let queryStart = -1;
  let hasEscape = false;
  let isAmbiguous = false;
  for (let i = 0; i < url.length; i++) {
    const code = url.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || code === 0x5c || code === 0x23) return 'malformed';
    if (code === 0x25) hasEscape = true;
    else if (code === 0x2f) isAmbiguous ||= startsAmbiguousSegment(url, i + 1);
    else if (code === 0x3f) {
      queryStart = i;
      break;
    }
  }
  if (queryStart !== -1) {
    const fault = queryFault(url, queryStart + 1);
    if (fault !== undefined) return fault;
  }
  if (!hasEscape) return isAmbiguous ? 'ambiguous' : undefined;
  const escapes = escapeFault(queryStart === -1 ? url : url.slice(0, queryStart));
  return escapes ?? (isAmbiguous ? 'ambiguous' : undefined);
}

/** After a slash: another slash, or `.` and `..` as a whole segment (a path parameter after `;` does not hide them). */
function startsAmbiguousSegment(url: string, start: number): boolean {
  const first = url.charCodeAt(start);
  if (first === 0x2f) return true;
  if (first !== 0x2e) return false;
  const afterDots = url.charCodeAt(start + 1) === 0x2e ? start + 2 : start + 1;
  const end = url.charCodeAt(afterDots);
  return Number.isNaN(end) || end === 0x2f || end === 0x3f || end === 0x3b;
}

function queryFault(url: string, start: number): TargetFault | undefined {
  let parameters = start < url.length ? 1 : 0;
  for (let i = start; i < url.length; i++) {
    const code = url.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || code === 0x23) return 'malformed';
    if (code === 0x26) parameters++;
  }
  return parameters > limits.queryParameters ? 'tooManyParameters' : undefined;
}

function escapeFault(path: string): TargetFault | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return 'malformed'; // broken, overlong or not UTF-8
  }
  for (let i = 0; i < decoded.length; i++) {
    const code = decoded.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return 'malformed';
  }
  const isAmbiguous =
    decoded.includes('\\') ||
    // More slashes than were written: one of them was hidden in an escape.
    slashes(decoded) !== slashes(path) ||
    decoded.split('/').some((segment) => /^\.\.?(?:;|$)/.test(segment)) ||
    // A second decoding by somebody behind us would change the meaning again.
    /%(?:2[ef]|5c|00|25)/i.test(decoded);
  return isAmbiguous ? 'ambiguous' : undefined;
}

function slashes(text: string): number {
  let count = 0;
  for (let i = text.indexOf('/'); i !== -1; i = text.indexOf('/', i + 1)) count++;
  return count;
}
