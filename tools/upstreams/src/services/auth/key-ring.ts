import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

const ALGORITHM = 'ES256';
/** More than the tokens of one lifetime need; bounds the published set. */
const MAX_PUBLISHED = 8;

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

const generate = async (): Promise<SigningKey> => {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicJwk: { ...jwk, kid, alg: ALGORITHM, use: 'sig' } };
};

/** ES256 keys made at the start; the newest signs, the latest eight are published. */
export class KeyRing {
  #newestFirst: SigningKey[];

  private constructor(first: SigningKey) {
    this.#newestFirst = [first];
  }

  static async create(): Promise<KeyRing> {
    return new KeyRing(await generate());
  }

  get signing(): SigningKey {
    const [newest] = this.#newestFirst;
    if (newest === undefined) throw new Error('the key ring is empty');
    return newest;
  }

  async rotate(): Promise<SigningKey> {
    const key = await generate();
    this.#newestFirst = [key, ...this.#newestFirst].slice(0, MAX_PUBLISHED);
    return key;
  }

  /** RFC 7517 5. */
  published(): { keys: JWK[] } {
    return { keys: this.#newestFirst.map(({ publicJwk }) => publicJwk) };
  }
}
