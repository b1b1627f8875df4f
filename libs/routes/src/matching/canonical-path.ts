/** What a segment may have as it is, by character code: pchar without escapes (RFC 3986, 3.3). */
const plain = new Uint8Array(128);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~!$&'()*+,;=:@-") {
  plain[character.charCodeAt(0)] = 1;
}
const slash = 0x2f;
const dot = 0x2e;
const unreserved = /[A-Za-z0-9._~-]/;
/** `.` and `..`, alone or before path parameters (`..;x`), which some upstreams cut off. */
const dotSegment = /\/\.{1,2}(?:;[^/]*)?(?:\/|$)/;

/**
 * The one spelling of a path that routing and policies go by (RFC 3986, 6.2.2): escapes of unreserved characters are
 * resolved, the others are in upper case.
 * `%2F` stays as it is: see `furtherReadings`.
 * @param path as it came, without query
 * @returns undefined when the path could be read in two ways: empty segments, dot segments in any spelling,
 * backslashes, control characters, overlong or broken UTF-8, anything that a URL may not hold
 */
export function canonicalPath(path: string): string | undefined {
  if (isPlain(path)) return path;
  if (!path.startsWith('/') || /[^\x21-\x7e]|[\\#?]|\/\//.test(path)) return undefined;
  const canonical = path.includes('%') ? resolveEscapes(path) : path;
  return canonical === undefined || dotSegment.test(canonical) ? undefined : canonical;
}

/** Nearly every path: no escapes, no empty segments, none that begins with a dot. */
function isPlain(path: string): boolean {
  let before = path.charCodeAt(0);
  if (before !== slash) return false;
  for (let at = 1; at < path.length; at++) {
    const code = path.charCodeAt(at);
    if (code === slash ? before === slash : plain[code] !== 1 || (code === dot && before === slash))
      return false;
    before = code;
  }
  return true;
}

/** More layers of escapes than this are nobody's honest data. */
const deepestReading = 3;

/** Whether a canonical path may have any further reading. */
export function isReadInOneWay(canonical: string): boolean {
  return !/[%;]/.test(canonical);
}

/**
 * How upstreams may read a canonical path that decode `%2F` as a slash, decode twice, or cut off what a segment has
 * behind `;` (RFC 3986, 3.3): all that differ from it.
 * @returns undefined when one of the readings is no canonical path, or there is no end of them
 */
export function furtherReadings(canonical: string): readonly string[] | undefined {
  const decoded = decodedReadings(canonical);
  if (decoded === undefined) return undefined;
  const cut = [canonical, ...decoded]
    .filter((reading) => reading.includes(';'))
    .map((reading) => canonicalPath(reading.replace(/;[^/]*/g, '')));
  return cut.includes(undefined) ? undefined : [...decoded, ...(cut as string[])];
}

const decodedOnceMore: Readonly<Record<string, string>> = { '%2F': '/', '%3B': ';', '%25': '%' };

function decodedReadings(canonical: string): readonly string[] | undefined {
  const readings: string[] = [];
  for (let last = canonical; ;) {
    const decoded = last.replace(
      /%2F|%3B|%25(?=[0-9A-Fa-f]{2})/g,
      (escape) => decodedOnceMore[escape] ?? escape,
    );
    if (decoded === last) return readings;
    const reading = canonicalPath(decoded);
    if (reading === undefined || readings.length === deepestReading) return undefined;
    readings.push(reading);
    last = reading;
  }
}

function resolveEscapes(path: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return undefined;
  // Control characters and the backslash, whatever the upstream makes of them.
  if (/%(?:[01][0-9a-f]|7f|5c)/i.test(path)) return undefined;
  try {
    decodeURIComponent(path);
  } catch {
    return undefined;
  }
  return path.replace(/%[0-9A-Fa-f]{2}/g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return unreserved.test(character) ? character : escape.toUpperCase();
  });
}
