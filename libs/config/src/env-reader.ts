/** Where values come from: `process.env` or a plain object in tests. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads variables one by one and collects every fault instead of stopping at the first. A reader answers a harmless
 * placeholder after a fault: the caller looks at `faults` before it uses anything.
 */
export class EnvReader {
  readonly faults: string[] = [];
  readonly #env: Environment;

  constructor(env: Environment) {
    this.#env = env;
  }

  fault(name: string, message: string): void {
    this.faults.push(`${name}: ${message}`);
  }

  /** The value, trimmed; an empty one counts as absent. */
  raw(name: string): string | undefined {
    return this.#env[name]?.trim() || undefined;
  }

  text(name: string, fallback?: string): string {
    const value = this.raw(name) ?? fallback;
    if (value === undefined) this.fault(name, 'is missing');
    return value ?? '';
  }

  integer(name: string, range: { min: number; max: number; fallback: number }): number {
    const value = this.raw(name);
    if (value === undefined) return range.fallback;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= range.min && number <= range.max) return number;
    this.fault(name, `must be a whole number from ${range.min} to ${range.max}`);
    return range.fallback;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) this.fault(name, `must be one of ${allowed.join(', ')}`);
    return found ?? fallback;
  }

  /**
   * Comma-separated; each item must pass `check`, which answers what is wrong with it. Faults count the items: a value,
   * put here by mistake, may be a secret.
   */
  list(
    name: string,
    fallback: readonly string[],
    check: (item: string) => string | undefined,
  ): readonly string[] {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    const items = value.split(',').map((item) => item.trim());
    for (const [index, item] of items.entries()) {
      const wrong = check(item);
      if (wrong !== undefined) this.fault(name, `item ${index + 1} ${wrong}`);
    }
    return items;
  }

  /** An absolute URL of one of `protocols` without credentials, unless `credentials` allows them. */
  url(
    name: string,
    protocols: readonly string[],
    options: { fallback?: string | undefined; credentials?: boolean } = {},
  ): string {
    const value = this.text(name, options.fallback);
    if (value === '') return value;
    if (!URL.canParse(value)) this.fault(name, 'must be an absolute URL');
    else {
      const url = new URL(value);
      if (!protocols.includes(url.protocol)) this.fault(name, `must start with ${protocols.join(' or ')}//`);
      if (!options.credentials && (url.username || url.password))
        this.fault(name, 'must not carry credentials');
    }
    return value;
  }
}
