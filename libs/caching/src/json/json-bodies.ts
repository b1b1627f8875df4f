/** Parsed bodies beside their bytes, so that a hit in memory parses nothing. */
export class JsonBodies {
  readonly #parsed = new WeakMap<Buffer, unknown>();

  /** The bytes of a body; from now on nobody changes the body itself. */
  bytesOf(body: unknown): Buffer {
    const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
    this.#parsed.set(bytes, frozen(body));
    return bytes;
  }

  bodyOf(bytes: Buffer): unknown {
    if (bytes.length === 0) return undefined;
    if (this.#parsed.has(bytes)) return this.#parsed.get(bytes);
    const body = frozen(JSON.parse(bytes.toString('utf8')) as unknown);
    this.#parsed.set(bytes, body);
    return body;
  }
}

/** What one caller changed would reach every later one. */
function frozen(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
