import { type PathPattern } from './path-pattern.ts';

/** Cuts a path as it came by what its pattern says: canonical and raw path have the same slashes. */
export class RawSegments {
  readonly #segments: readonly string[];
  readonly #pattern: PathPattern;

  constructor(pattern: PathPattern, path: string) {
    this.#pattern = pattern;
    this.#segments = path.split('/').slice(1);
  }

  /** The segment of a parameter, encoded as it came. */
  param(name: string): string {
    const index = this.#pattern.segments.findIndex(
      (segment) => segment.kind === 'param' && segment.name === name,
    );
    return this.#segments[index] ?? '';
  }

  /** What the wildcard took, encoded as it came, without leading slash; undefined when the path ends before it. */
  rest(): string | undefined {
    const { length } = this.#pattern.segments;
    return this.#segments.length > length ? this.from(length) : undefined;
  }

  /** All from a segment on, without leading slash. */
  from(index: number): string {
    return this.#segments.slice(index).join('/');
  }
}
