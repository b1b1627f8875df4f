import { remembered } from './remembered.ts';

/** Content codings we make, best first. */
export type Coding = 'br' | 'gzip';

/**
 * The coding to answer with: the one of greatest weight, brotli on a tie; undefined is identity. A coding with `q=0`
 * is never used (RFC 9110, section 12.5.3).
 */
export function preferredCoding(acceptEncoding: string | undefined): Coding | undefined {
  return acceptEncoding === undefined || acceptEncoding === '' ? undefined : preferred(acceptEncoding);
}

const preferred = remembered((acceptEncoding): Coding | undefined => {
  const weights = new Map<string, number>();
  for (const element of acceptEncoding.toLowerCase().split(',')) {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim());
    weights.set(name === 'x-gzip' ? 'gzip' : name, weightOf(parameters));
  }
  const any = weights.get('*') ?? 0;
  const br = weights.get('br') ?? any;
  const gzip = weights.get('gzip') ?? any;
  const identity = weights.get('identity') ?? 0;
  if (br === 0 && gzip === 0) return undefined;
  if (Math.max(br, gzip) < identity) return undefined;
  return br >= gzip ? 'br' : 'gzip';
});

function weightOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  if (q === undefined) return 1;
  const weight = Number(q.slice(2));
  return weight >= 0 && weight <= 1 ? weight : 0;
}

/** Media types that shrink: text, and what is text in all but name. */
export const isCompressible = remembered((contentType): boolean =>
  contentType.startsWith('text/')
    ? !contentType.startsWith('text/event-stream')
    : /^application\/(?:[\w.+-]*json|[\w.+-]*xml|javascript|wasm|x-ndjson)|^image\/svg\+xml/.test(
        contentType,
      ),
);
