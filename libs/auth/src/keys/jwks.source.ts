/** Seam: where the issuer's JWKS document comes from. */
export abstract class JwksSource {
  /** The parsed document, unchecked. Rejects when there is none in time: `signal` says when to give up. */
  abstract fetch(signal: AbortSignal): Promise<unknown>;
  abstract close(): Promise<void>;
}
