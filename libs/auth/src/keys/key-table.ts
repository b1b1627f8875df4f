import { type JwtAlgorithm } from '@facet/config';
import { readJwk } from './jwk.ts';
import { type KeyQuery } from './key-set.ts';
import { type VerificationKey } from './verification-key.ts';

/** The usable keys of one JWKS document, for look-up by algorithm and key id. */
export class KeyTable {
  readonly #keys: readonly VerificationKey[];
  readonly #byId = new Map<string, VerificationKey>();
  readonly #sole = new Map<JwtAlgorithm, VerificationKey>();

  private constructor(keys: readonly VerificationKey[]) {
    this.#keys = keys;
    index(keys, ({ alg, kid }) => `${alg} ${kid}`, this.#byId);
    index(keys, ({ alg }) => alg, this.#sole);
  }

  /**
   * Reads a document. A key that `previous` has too is taken over from it, one that it no longer has is retired.
   * Undefined, and nothing is retired, when the document is no JWKS or has no usable key.
   */
  static read(
    document: unknown,
    algorithms: readonly JwtAlgorithm[],
    previous?: KeyTable,
  ): KeyTable | undefined {
    const { keys: members } = (document ?? {}) as { keys?: unknown };
    if (!Array.isArray(members)) return undefined;
    const known = new Map((previous ? previous.#keys : []).map((key) => [key.identity, key]));
    const fresh = new Map<string, VerificationKey>();
    for (const member of members) {
      const key = readJwk(member, algorithms);
      if (key) fresh.set(key.identity, known.get(key.identity) ?? key);
    }
    if (fresh.size === 0) return undefined;
    for (const [identity, key] of known) key.retired = !fresh.has(identity);
    return new KeyTable([...fresh.values()]);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** A token without a key id is for the only key of its algorithm, if there is one only. */
  find({ alg, kid }: KeyQuery): VerificationKey | undefined {
    return kid === undefined ? this.#sole.get(alg) : this.#byId.get(`${alg} ${kid}`);
  }
}

/** Two keys under one name are ambiguous: neither is found by it. */
function index<K>(
  keys: readonly VerificationKey[],
  nameOf: (key: VerificationKey) => K,
  into: Map<K, VerificationKey>,
): void {
  const seen = new Set<K>();
  for (const key of keys) {
    const name = nameOf(key);
    if (seen.has(name)) into.delete(name);
    else into.set(name, key);
    seen.add(name);
  }
}
