import { type PathPattern } from './path-pattern.ts';

/** Values by path pattern; `find` walks the patterns that fit a path, the most specific first. */
export class PathTree<T> {
  readonly #literals = new Map<string, PathTree<T>>();
  #param: PathTree<T> | undefined;
  readonly #exact: T[] = [];
  readonly #wildcard: T[] = [];

  /** Values of one pattern are asked in the order they were added. */
  add(pattern: PathPattern, value: T): void {
    const leaf = pattern.segments.reduce<PathTree<T>>(
      (node, segment) => (segment.kind === 'param' ? node.#paramChild() : node.#literalChild(segment.text)),
      this,
    );
    (pattern.wildcard ? leaf.#wildcard : leaf.#exact).push(value);
  }

  /**
   * The first value whose pattern fits `path` and that `accept` takes.
   * @param path canonical, from `/`; a trailing slash says nothing
   */
  find(path: string, accept: (value: T) => boolean, from = 1): T | undefined {
    if (from >= path.length) return this.#exact.find(accept) ?? this.#wildcard.find(accept);
    const slash = path.indexOf('/', from);
    const end = slash === -1 ? path.length : slash;
    return (
      this.#literals.get(path.slice(from, end))?.find(path, accept, end + 1) ??
      this.#param?.find(path, accept, end + 1) ??
      this.#wildcard.find(accept)
    );
  }

  #paramChild(): PathTree<T> {
    return (this.#param ??= new PathTree());
  }

  #literalChild(text: string): PathTree<T> {
    const known = this.#literals.get(text);
    if (known) return known;
    const child = new PathTree<T>();
    this.#literals.set(text, child);
    return child;
  }
}
