/** Which keys carry a label. A label of one key costs one map entry. */
export class LabelIndex {
  readonly #keys = new Map<string, string | Set<string>>();

  add(labels: readonly string[], key: string): void {
    for (const label of labels) {
      const keys = this.#keys.get(label);
      if (keys === undefined) this.#keys.set(label, key);
      else if (typeof keys !== 'string') keys.add(key);
      else if (keys !== key) this.#keys.set(label, new Set([keys, key]));
    }
  }

  remove(labels: readonly string[], key: string): void {
    for (const label of labels) {
      const keys = this.#keys.get(label);
      if (keys === key) this.#keys.delete(label);
      else if (keys instanceof Set && keys.delete(key) && keys.size === 0) this.#keys.delete(label);
    }
  }

  keysOf(label: string): readonly string[] {
    const keys = this.#keys.get(label);
    if (keys === undefined) return [];
    return typeof keys === 'string' ? [keys] : [...keys];
  }

  /** Labels in use. */
  get size(): number {
    return this.#keys.size;
  }
}
