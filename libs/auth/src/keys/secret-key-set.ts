import { createSecretKey } from 'node:crypto';
import { type JwtAlgorithm } from '@facet/config';
import { type KeyQuery, KeySet } from './key-set.ts';
import { VerificationKey } from './verification-key.ts';

const minSecretBytes = 32;

/** A secret shared with the issuer: one key, whatever key id a token names. */
export class SecretKeySet extends KeySet {
  override readonly mode = 'normal';
  readonly #keys: ReadonlyMap<string, VerificationKey>;

  /**
   * @param algorithms HMAC ones only (RFC 8725, section 3.1): a secret never serves another kind
   * @throws Error, without the secret, when it is shorter than 32 bytes or an algorithm does not fit
   */
  constructor(secret: string, algorithms: readonly JwtAlgorithm[]) {
    super();
    if (Buffer.byteLength(secret) < minSecretBytes) {
      throw new Error(`JWT_SECRET must be at least ${minSecretBytes} bytes`);
    }
    const misfit = algorithms.find((alg) => !alg.startsWith('HS'));
    if (misfit !== undefined) throw new Error(`JWT_ALGORITHMS: ${misfit} does not fit JWT_SECRET`);
    const key = createSecretKey(Buffer.from(secret));
    this.#keys = new Map(algorithms.map((alg) => [alg, new VerificationKey(undefined, alg, key, 'secret')]));
  }

  override get size(): number {
    return 1;
  }

  override find({ alg }: KeyQuery): VerificationKey | undefined {
    return this.#keys.get(alg);
  }
}
