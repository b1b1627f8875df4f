import { type HttpService } from '@nestjs/axios';
import { GatewayError, type Reason } from '@facet/errors';
import { CallStage } from '@facet/resilience';
import { type AxiosRequestConfig, isAxiosError } from 'axios';
import { firstValueFrom } from 'rxjs';
import { type AttemptConfig } from './axios-adapter.ts';
import { type JsonAnswer, ParsedAnswer, parseJson } from './json-answer.ts';
import { type OutgoingAttempt } from './outgoing-call.ts';
import { type AnswerFields, type Transport } from './transport/transport.ts';
import { UpstreamHttp } from './upstream-http.ts';

/**
 * The last stage of a JSON call: through the upstream's `HttpService` when anybody has touched it (interceptors,
 * another adapter, a test double), else the same exchange straight on the transport.
 */
export class ExchangeStage extends CallStage<OutgoingAttempt, JsonAnswer> {
  readonly #upstream: string;
  readonly #http: HttpService;
  readonly #transport: Transport;

  constructor(upstream: string, http: HttpService, transport: Transport) {
    super();
    this.#upstream = upstream;
    this.#http = http;
    this.#transport = transport;
  }

  override run(attempt: OutgoingAttempt): Promise<JsonAnswer> {
    const direct = this.#http instanceof UpstreamHttp && this.#http.direct;
    return direct ? this.#straight(attempt) : this.#throughAxios(attempt);
  }

  #straight(attempt: OutgoingAttempt): Promise<JsonAnswer> {
    return this.#transport.exchange(attempt, attempt).then(({ head, body }) => {
      const { reader } = attempt.call.parts;
      const json = attempt.wants(head.status) ? parseJson(body, head, this.#upstream, reader) : undefined;
      return new ParsedAnswer(head.status, head, json);
    });
  }

  async #throughAxios(attempt: OutgoingAttempt): Promise<JsonAnswer> {
    const config: AxiosRequestConfig & AttemptConfig = {
      method: attempt.method,
      url: attempt.path,
      headers: headerObject(attempt.headers),
      data: attempt.call.parts.data,
      signal: attempt.ownSignal,
      validateStatus: (status) => attempt.wants(status),
      facetAttempt: attempt,
    };
    try {
      const { status, headers, data } = await firstValueFrom(this.#http.request<unknown>(config));
      return new ParsedAnswer(status, plainFields(headers), data);
    } catch (error) {
      return answerOf(error, this.#upstream);
    }
  }
}

/** What an adapter that is not ours says. */
const reasonOfCode: Readonly<Record<string, Reason>> = {
  ECONNREFUSED: 'connection_refused',
  ECONNABORTED: 'upstream_timeout',
  ETIMEDOUT: 'upstream_timeout',
  ERR_CANCELED: 'client_closed_request',
};

/** A refused status is an answer like any other; what remains is a failure, without axios's config in it. */
function answerOf(error: unknown, upstream: string): JsonAnswer {
  if (!isAxiosError(error)) throw error;
  if (error.cause instanceof GatewayError) throw error.cause;
  if (error.response) {
    const { status, headers } = error.response;
    return new ParsedAnswer(status, plainFields(headers), undefined);
  }
  const cause = error.code ?? 'unknown';
  throw new GatewayError(reasonOfCode[cause] ?? 'connection_terminated', { upstream, cause });
}

/** What axios and whoever stands in for it hand over: an object, or one of axios's own. */
function plainFields(given: object | undefined): AnswerFields {
  const headers = (given ?? {}) as AnswerFields['headers'];
  return {
    headers,
    value: (name) => {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
  };
}

function headerObject(flat: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index < flat.length; index += 2)
    headers[flat[index] as string] = flat[index + 1] as string;
  return headers;
}
