import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type Clock } from '@facet/context';
import { type JWK, SignJWT } from 'jose';
import { FakeClock } from '../fake-clock.ts';

export interface TestKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
}

/** Real keys and tokens of an issuer that exists in this process only. */
export class TestIssuer {
  readonly issuer = 'https://issuer.test';
  readonly audience = 'facet';
  readonly clock: Clock;
  #published: TestKey[] = [];

  constructor(clock: Clock = new FakeClock()) {
    this.clock = clock;
    this.rotate();
  }

  /** The key that signs. */
  get key(): TestKey {
    const [newest] = this.#published;
    if (!newest) throw new Error('this issuer has withdrawn all its keys');
    return newest;
  }

  /** Signs with a new key from now on; the old ones stay published. */
  rotate(key = testKey('ES256')): TestKey {
    this.#published.unshift(key);
    return key;
  }

  /** Takes a key out of the published set. */
  withdraw(kid: string): void {
    this.#published = this.#published.filter((key) => key.kid !== kid);
  }

  jwks(): { keys: JWK[] } {
    return { keys: this.#published.map(({ jwk }) => jwk) };
  }

  /** The claims of a good token that lasts 15 minutes. */
  claims(): Record<string, unknown> {
    const issuedAt = Math.floor(this.clock.now() / 1000);
    return {
      iss: this.issuer,
      aud: this.audience,
      sub: 'usr_1',
      iat: issuedAt,
      exp: issuedAt + 900,
      tier: 'premium',
      scope: 'orders:read orders:write',
      roles: ['customer'],
      sid: 'session-1',
    };
  }

  /**
   * A signed token: good, unless what is overridden makes it bad. A claim or header field of undefined is left out.
   */
  token(
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key: TestKey = this.key,
  ): Promise<string> {
    return new SignJWT(without({ ...this.claims(), ...claims }))
      .setProtectedHeader({
        alg: key.alg,
        ...without({ typ: 'at+jwt', kid: key.kid, ...header }),
      })
      .sign(key.privateKey);
  }
}

let serial = 0;

/** A fresh key pair of the algorithm, as its issuer holds it. */
export function testKey(
  alg: 'ES256' | 'ES384' | 'ES512' | 'RS256' | 'PS256',
  kid = `key-${++serial}`,
): TestKey {
  const { privateKey, publicKey } = alg.startsWith('ES')
    ? generateKeyPairSync('ec', {
        namedCurve: { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg as 'ES256'],
      })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...(publicKey.export({ format: 'jwk' }) as JWK), kid, alg, use: 'sig' };
  return { kid, alg, privateKey, publicKey, jwk };
}

/** A token put together by hand, for the ones that no library would make. */
export function rawToken(header: object, payload: object, signature: Buffer | string = 'AAAA'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const tail = typeof signature === 'string' ? signature : signature.toString('base64url');
  return `${part(header)}.${part(payload)}.${tail}`;
}

function without(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
