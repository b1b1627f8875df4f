import { type KeyObject } from 'node:crypto';
import { type JwtAlgorithm } from '@facet/config';

/** One key of the issuer, good for one algorithm. */
export class VerificationKey {
  readonly kid: string | undefined;
  readonly alg: JwtAlgorithm;
  readonly key: KeyObject;
  /** Two documents that show the same identity show the same key. */
  readonly identity: string;
  /** The key left the issuer's set: what it verified no longer counts. */
  retired = false;

  constructor(kid: string | undefined, alg: JwtAlgorithm, key: KeyObject, material: string) {
    this.kid = kid;
    this.alg = alg;
    this.key = key;
    this.identity = JSON.stringify([kid, alg, material]);
  }
}
