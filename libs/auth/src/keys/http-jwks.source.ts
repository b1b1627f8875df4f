import { Agent, type IncomingMessage, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { JwksSource } from './jwks.source.ts';

const maxBytes = 256 * 1024;
/** Node servers close a socket idle for 5 s; ours must give up earlier or a request meets the closing. */
const keepAliveMs = 4_000;
const headers = { accept: 'application/jwk-set+json, application/json', 'accept-encoding': 'identity' };

/**
 * GETs the document from the issuer: 200 only, no redirect followed, no credentials, no proxy of the environment, no
 * content coding, at most 256 KiB. Fetches that follow one another share a connection; who has two under way has two.
 */
export class HttpJwksSource extends JwksSource {
  readonly #url: URL;
  readonly #agent: Agent;
  readonly #closing = new AbortController();

  constructor(url: string) {
    super();
    this.#url = new URL(url);
    this.#url.username = this.#url.password = '';
    // An agent of our own: Node's may be told by the environment to use a proxy.
    this.#agent = new (this.#isTls ? TlsAgent : Agent)({
      keepAlive: true,
      maxFreeSockets: 1,
      timeout: keepAliveMs,
    });
  }

  override async fetch(signal: AbortSignal): Promise<unknown> {
    const answer = await this.#get(AbortSignal.any([signal, this.#closing.signal]));
    if (answer.statusCode !== 200) {
      answer.destroy();
      throw new Error(`the issuer answered ${answer.statusCode} for its keys`);
    }
    return JSON.parse(await textOf(answer)) as unknown;
  }

  /** Ends a fetch under way too; later ones reject. */
  override close(): Promise<void> {
    this.#closing.abort();
    this.#agent.destroy();
    return Promise.resolve();
  }

  get #isTls(): boolean {
    return this.#url.protocol === 'https:';
  }

  #get(signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      (this.#isTls ? tlsRequest : request)(this.#url, { agent: this.#agent, headers, signal })
        .once('response', resolve)
        // Stays: what breaks while the body is read is reported here as well.
        .on('error', reject)
        // A 101 that nobody asked for ends in neither answer nor error.
        .once('close', () => reject(new Error('the issuer gave no answer')))
        .end();
    });
  }
}

/** @throws beyond 256 KiB, without reading on, and when the body breaks off */
async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the connection.
    if (bytes > maxBytes) throw new Error(`the issuer's keys are more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
