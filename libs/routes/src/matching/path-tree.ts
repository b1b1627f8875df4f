import { type PathPattern } from './path-pattern.ts';

const mostFew = 4;

/** Values by path pattern; `find` walks the patterns that fit a path, the most specific first. */
export class PathTree<T> {
  /** Most nodes have one or two: those are compared in place, where a look-up would take a piece of the path as its key. */
  readonly #few: { readonly text: string; readonly node: PathTree<T> }[] = [];
  readonly #many = new Map<string, PathTree<T>>();
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
      this.#literal(path, from, end)?.find(path, accept, end + 1) ??
      this.#param?.find(path, accept, end + 1) ??
      this.#wildcard.find(accept)
    );
  }

  #literal(path: string, from: number, end: number): PathTree<T> | undefined {
    for (const { text, node } of this.#few) {
      if (text.length === end - from && path.startsWith(text, from)) return node;
    }
    return this.#many.size === 0 ? undefined : this.#many.get(path.slice(from, end));
  }

  #paramChild(): PathTree<T> {
    return (this.#param ??= new PathTree());
  }

  #literalChild(text: string): PathTree<T> {
    const known = this.#literal(text, 0, text.length);
    if (known) return known;
    const node = new PathTree<T>();
    if (this.#few.length < mostFew) this.#few.push({ text, node });
    else this.#many.set(text, node);
    return node;
  }
}
