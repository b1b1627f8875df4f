import { once } from 'node:events';
import { type IncomingHttpHeaders } from 'node:http';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { text } from 'node:stream/consumers';
import { type Answer, assertProblem } from '@facet/testing/gateway';

/** A client of one HTTP/2 connection. */
export class Http2Client implements AsyncDisposable {
  readonly session: ClientHttp2Session;
  readonly #url: string;

  private constructor(url: string, session: ClientHttp2Session) {
    this.#url = url;
    this.session = session;
  }

  static async connect(url: string): Promise<Http2Client> {
    const session = connect(url, { rejectUnauthorized: false });
    // Each stream tells of it.
    session.on('error', () => undefined);
    await once(session, 'remoteSettings');
    return new Http2Client(url, session);
  }

  /** Opens a request; without `endStream` its body follows. */
  open(path: string, fields: OutgoingHttpHeaders = {}, endStream = true): ClientHttp2Stream {
    return this.session.request({ ':path': path, ...fields }, { endStream });
  }

  /** A whole request and its answer; a refusal must be a valid problem. */
  async ask(path: string, fields: OutgoingHttpHeaders = {}, body?: string | Buffer): Promise<Answer> {
    const stream = this.open(path, fields, body === undefined);
    if (body !== undefined) stream.end(body);
    const answer = await answerOf(stream);
    if (answer.status >= 400 && fields[':method'] !== 'HEAD') assertProblem('h2', this.#url + path, answer);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.session.closed && this.session.destroyed) return;
    const closed = once(this.session, 'close');
    this.session.destroy();
    await closed;
  }
}

/** The whole answer of a stream; rejects when it is reset. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  const [fields] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status'?: number }];
  const body = await text(stream);
  if (stream.rstCode !== 0) throw new Error(`reset with ${stream.rstCode} after ${body.length} bytes`);
  const { ':status': status = 0, ...headers } = fields;
  return { status, headers, text: body, json: parsed(body) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
