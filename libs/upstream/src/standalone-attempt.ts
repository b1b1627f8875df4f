import { GatewayError } from '@facet/errors';
import { type InternalAxiosRequestConfig } from 'axios';
import { type Abortable, type TransportAttempt } from './transport/transport.ts';

/** Limit of a direct call that names none, ms. */
const defaultTimeoutMs = 10_000;

/** An attempt made by calling the `HttpService` directly, past the pipeline: axios's own `timeout` and `signal` hold. */
export class StandaloneAttempt implements TransportAttempt {
  answered = false;
  readonly #config: InternalAxiosRequestConfig;
  #unbind: () => void = () => undefined;

  constructor(config: InternalAxiosRequestConfig) {
    this.#config = config;
  }

  bind(exchange: Abortable): void {
    const { timeout, signal, cancelToken } = this.#config;
    const cancel = (): void => exchange.abort(new GatewayError('client_closed_request'));
    const expire = (): void => exchange.abort(new GatewayError('upstream_timeout'));
    const timer = setTimeout(expire, timeout || defaultTimeoutMs).unref();
    if (signal?.aborted) cancel();
    signal?.addEventListener?.('abort', cancel);
    void cancelToken?.promise.then(cancel);
    this.#unbind = () => {
      clearTimeout(timer);
      signal?.removeEventListener?.('abort', cancel);
    };
  }

  /** The answer, or the head of a streamed one, is there. */
  end(): void {
    this.#unbind();
  }
}
