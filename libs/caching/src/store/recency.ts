/** One thing in the order of use. */
export interface Link<T> {
  readonly value: T;
  older: Link<T> | undefined;
  newer: Link<T> | undefined;
}

/** The order of use as a list of links: the oldest of a Map is slow to find once many before it are gone. */
export class Recency<T> {
  #oldest: Link<T> | undefined;
  #newest: Link<T> | undefined;

  get oldest(): T | undefined {
    return this.#oldest?.value;
  }

  add(value: T): Link<T> {
    return this.#append({ value, older: undefined, newer: undefined });
  }

  remove(link: Link<T>): void {
    if (link.older) link.older.newer = link.newer;
    else this.#oldest = link.newer;
    if (link.newer) link.newer.older = link.older;
    else this.#newest = link.older;
  }

  /** Makes it the newest. */
  touch(link: Link<T>): void {
    if (link === this.#newest) return;
    this.remove(link);
    this.#append(link);
  }

  #append(link: Link<T>): Link<T> {
    link.older = this.#newest;
    link.newer = undefined;
    if (this.#newest) this.#newest.newer = link;
    else this.#oldest = link;
    this.#newest = link;
    return link;
  }
}
