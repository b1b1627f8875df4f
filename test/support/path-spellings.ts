/** Segments that some servers drop, or resolve against their neighbours. */
const vanishing =
  ' . .. %2e %2e%2e .%2e %2e. %252e%252e %c0%ae%c0%ae ..; .; %2e%2e;x ... %20 %09 %00 %u002e%u002e %e0%80%ae %uff0e'.split(
    ' ',
  );
/** What some servers take for one slash. */
const slashes =
  '// /./ /x/../ /%2f/ %2f %2F %5c \\ /\\ %252f %c0%af %e0%80%af %u2215 /;/ /;a=b/ /..;/x/../ %3b/ /%3f/ /%23/'.split(
    ' ',
  );
/** What some servers ignore behind a path. */
const tails =
  '/ // /. /.. /./ /%2e ; ;x ;x=y %3b %20 + %09 %00 %00.json %0a %0d%0a .json .css ~ %7f %ff % %2 %zz # %23 #/products ? ?? & %3f %26 * \x7f /%20 /;/../products %c2%a0 %e2%80%8b %ef%bb%bf %08 %1b %85 ! $ = , : @ | ^ ` { }'.split(
    ' ',
  );
const origins =
  'http://localhost https://localhost HTTP://x http://evil.example:1 http://u:p@localhost http://localhost/. file:// //localhost \\\\localhost'.split(
    ' ',
  );

/** Every character as an escape: `orders` as `%6f%72...`. */
export function inEscapes(text: string): string {
  return [...text].map((character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
}

/**
 * More than 200 ways to write one path, most of which some server somewhere takes for the same path.
 * @param path of at least two segments
 */
export function spellingsOf(path: string): string[] {
  const segments = path.slice(1).split('/');
  const last = segments.at(-1) ?? '';
  const parent = path.slice(0, -last.length);
  return [
    ...new Set([
      ...letterByLetter(path),
      `/${segments.map(inEscapes).join('/')}`,
      parent + inEscapes(last),
      parent + last.toUpperCase(),
      path.toUpperCase(),
      path.slice(1),
      ...segments.flatMap((_, index) => vanishing.map((text) => joined(segments, index, `/${text}/`))),
      ...segments.slice(1).flatMap((_, index) => slashes.map((text) => joined(segments, index + 1, text))),
      ...tails.map((tail) => path + tail),
      ...origins.map((origin) => origin + path),
      ...['/health/..', '/health/..;', '/health%2f..', '/api'].map((before) => before + path),
      ...[
        'products/../',
        'products/..%2f',
        'products%2f..%2f',
        'v1/v2/',
        'v01/',
        'V1/',
        '%76%31/',
        'v9/',
      ].map((before) => parent + before + last),
    ]),
  ];
}

/** Each character of the path as an escape, in either case, escaped again, and in overlong UTF-8. */
function letterByLetter(path: string): string[] {
  return [...path].flatMap((letter, index) => {
    const spelt = (escape: string): string => path.slice(0, index) + escape + path.slice(index + 1);
    const once = inEscapes(letter);
    const code = letter.charCodeAt(0);
    const overlong = `%${(0xc0 | (code >> 6)).toString(16)}%${(0x80 | (code & 0x3f)).toString(16)}`;
    return [once, once.toUpperCase(), once.replace('%', '%25'), overlong].map(spelt);
  });
}

function joined(segments: readonly string[], index: number, between: string): string {
  return `/${segments.slice(0, index).join('/')}${between}${segments.slice(index).join('/')}`.replace(
    /^\/\//,
    '/',
  );
}
