import { Agent } from 'undici';
import { JwksSource } from './jwks.source.ts';

const maxBytes = 256 * 1024;

/** GETs the document from the issuer: 200 only, no redirect followed, no proxy of the environment, at most 256 KiB. */
export class HttpJwksSource extends JwksSource {
  readonly #url: URL;
  readonly #agent = new Agent({ connections: 1, pipelining: 1, maxResponseSize: maxBytes });

  constructor(url: string) {
    super();
    this.#url = new URL(url);
  }

  override async fetch(signal: AbortSignal): Promise<unknown> {
    const { statusCode, body } = await this.#agent.request({
      origin: this.#url.origin,
      path: `${this.#url.pathname}${this.#url.search}`,
      method: 'GET',
      headers: { accept: 'application/jwk-set+json, application/json' },
      signal,
    });
    if (statusCode !== 200) {
      await body.dump({ limit: maxBytes, signal });
      throw new Error(`the issuer answered ${statusCode} for its keys`);
    }
    return body.json();
  }

  override close(): Promise<void> {
    return this.#agent.destroy();
  }
}
