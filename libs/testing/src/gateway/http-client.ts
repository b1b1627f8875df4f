import { type IncomingHttpHeaders } from 'node:http';
import { problemSchema } from '@facet/errors';
import { Ajv } from 'ajv';
import { Agent, request } from 'undici';

const isProblem = new Ajv({ allErrors: true }).compile(problemSchema);

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of every shape
  readonly json: any;
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  readonly token?: string;
  readonly apiKey?: string;
}

/**
 * A client that asks as tests do and holds every answer against the problem schema: one that is neither 2xx nor 3xx
 * must be a valid problem of the same status with a request id.
 */
export class HttpClient {
  readonly #base: string;
  readonly #agent = new Agent({ keepAliveTimeout: 2_000 });

  constructor(base: string) {
    this.#base = base;
  }

  get(path: string, options: CallOptions = {}): Promise<Answer> {
    return this.call('GET', path, options);
  }

  post(path: string, body: unknown, options: CallOptions = {}): Promise<Answer> {
    return this.call('POST', path, { ...options, body });
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { statusCode, headers, body } = await request(`${this.#base}${path}`, {
      method: method as 'GET',
      dispatcher: this.#agent,
      headers: requestHeaders(options),
      ...(options.body === undefined ? {} : { body: payload(options.body) }),
    });
    const text = await body.text();
    const answer = { status: statusCode, headers, text, json: parse(text) };
    if (statusCode >= 400 && method !== 'HEAD') assertProblem(method, path, answer);
    return answer;
  }

  /** Logs in as a user of the dev stack and answers the access token. */
  async login(prefix: string, username: string, password = 'demo'): Promise<string> {
    const answer = await this.post(`${prefix}/auth/login`, { username, password });
    if (answer.status !== 200) throw new Error(`login as ${username}: ${answer.status} ${answer.text}`);
    return (answer.json as { accessToken: string }).accessToken;
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** Throws unless the answer is the problem document of docs/errors.md. */
export function assertProblem(method: string, path: string, answer: Answer): void {
  const faults: string[] = [];
  if (!String(answer.headers['content-type']).startsWith('application/problem+json')) {
    faults.push(`content-type ${String(answer.headers['content-type'])}`);
  }
  if (!isProblem(answer.json)) faults.push(JSON.stringify(isProblem.errors));
  else {
    if (answer.json.status !== answer.status) faults.push(`status ${answer.json.status} in the body`);
    if (answer.json.instance !== answer.headers['x-request-id']) faults.push('instance is not X-Request-Id');
  }
  const needed = { 401: 'www-authenticate', 405: 'allow', 429: 'retry-after', 503: 'retry-after' }[
    answer.status
  ];
  if (needed && !answer.headers[needed]) faults.push(`no ${needed}`);
  if (faults.length > 0)
    throw new Error(`${method} ${path} -> ${answer.status}: ${faults.join('; ')}\n${answer.text}`);
}

function requestHeaders({ headers, body, token, apiKey }: CallOptions): Record<string, string | string[]> {
  return {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
    ...headers,
  };
}

function payload(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
