import { GatewayError, type Reason } from '@facet/errors';
import {
  AxiosError,
  AxiosHeaders,
  type AxiosInstance,
  type AxiosPromise,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { Readable } from 'node:stream';
import { parseJson } from './json-answer.ts';
import { type OutgoingAttempt } from './outgoing-call.ts';
import { assertOriginForm } from './path.ts';
import { StandaloneAttempt } from './standalone-attempt.ts';
import {
  type BufferedAnswer,
  type StreamedAnswer,
  type Transport,
  type TransportAttempt,
} from './transport/transport.ts';

/** A config that carries the pipeline's attempt through axios and its interceptors. */
export interface AttemptConfig {
  facetAttempt?: OutgoingAttempt;
}

type Config = InternalAxiosRequestConfig & AttemptConfig;

/** axios's code for what our transport reports, so that code written for axios finds what it knows. */
const axiosCodes: Partial<Record<Reason, string>> = {
  connection_refused: 'ECONNREFUSED',
  connection_timeout: AxiosError.ETIMEDOUT,
  connection_terminated: 'ECONNRESET',
  upstream_timeout: AxiosError.ECONNABORTED,
  client_closed_request: AxiosError.ERR_CANCELED,
};

/** What of an upstream's settings matters here. */
export interface AxiosUpstream {
  readonly name: string;
  /** Put before the path of calls that do not come through the pipeline. */
  readonly basePath: string;
}

/** Lets axios send through the upstream's transport, with axios's own promises about answers and errors. */
export class UpstreamAdapter {
  readonly #upstream: string;
  readonly #transport: Transport;
  readonly #basePath: string;
  readonly #uriOf: (config: Config) => string;

  constructor({ name, basePath }: AxiosUpstream, transport: Transport, uriOf: AxiosInstance['getUri']) {
    this.#upstream = name;
    this.#basePath = basePath;
    this.#transport = transport;
    this.#uriOf = ({ url, params, paramsSerializer }) =>
      uriOf({ url: url ?? '/', params: params as unknown, ...(paramsSerializer && { paramsSerializer }) });
  }

  readonly send = async (config: Config): AxiosPromise => {
    try {
      const response = await this.#exchange(config);
      if (config.validateStatus && !config.validateStatus(response.status)) throw statusError(response);
      return response;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      const wrapped = new AxiosError(
        error.message,
        axiosCodes[error.reason] ?? AxiosError.ERR_BAD_RESPONSE,
        config,
      );
      wrapped.cause = error;
      throw wrapped;
    }
  };

  async #exchange(config: Config): Promise<AxiosResponse> {
    const path = this.#uriOf(config);
    assertOriginForm(path);
    if (config.facetAttempt) return this.#answer(config, path, config.facetAttempt);
    const attempt = new StandaloneAttempt(config);
    try {
      return await this.#answer(config, this.#basePath + path, attempt);
    } finally {
      attempt.end();
    }
  }

  async #answer(config: Config, path: string, attempt: TransportAttempt): Promise<AxiosResponse> {
    const request = {
      method: (config.method ?? 'get').toUpperCase(),
      path,
      headers: flat(config.headers),
      body: bodyOf(config.data),
      wants: (status: number) => config.facetAttempt?.wants(status) ?? true,
    };
    const answer =
      config.responseType === 'stream'
        ? await this.#transport.stream(request, attempt)
        : await this.#transport.exchange(request, attempt);
    return {
      data: this.#dataOf(answer, config),
      status: answer.status,
      statusText: answer.head.statusText,
      headers: new AxiosHeaders(answer.head.headers),
      config,
    };
  }

  #dataOf(answer: BufferedAnswer | StreamedAnswer, config: Config): unknown {
    const { body, head } = answer;
    if (config.responseType === 'stream') return body instanceof Readable ? body : Readable.from([body]);
    if (body instanceof Readable || config.responseType === 'arraybuffer') return body;
    const accepted = !config.validateStatus || config.validateStatus(answer.status);
    if (config.responseType === 'json' && accepted) return parseJson(body, head, this.#upstream);
    return body.toString('utf8');
  }
}

function statusError(response: AxiosResponse): AxiosError {
  const code = response.status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
  return new AxiosError(`status ${response.status}`, code, response.config, undefined, response);
}

function flat(headers: AxiosHeaders): string[] {
  const fields: string[] = [];
  for (const [name, value] of Object.entries(headers.toJSON())) {
    for (const one of Array.isArray(value) ? value : [value]) fields.push(name.toLowerCase(), String(one));
  }
  return fields;
}

function bodyOf(data: unknown): string | Buffer | Readable | null {
  if (data === undefined || data === null) return null;
  if (typeof data === 'string' || Buffer.isBuffer(data) || data instanceof Readable) return data;
  return String(data);
}
