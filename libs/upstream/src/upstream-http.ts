import { HttpService } from '@nestjs/axios';
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { type AxiosUpstream, UpstreamAdapter } from './axios-adapter.ts';
import { type Transport } from './transport/transport.ts';

/**
 * The `HttpService` of one upstream: @nestjs/axios's surface over our transport. Whoever injects it can register
 * interceptors on `axiosRef`, replace the adapter, or call it directly: relative URLs only, no redirects, no proxy
 * from the environment.
 */
export class UpstreamHttp extends HttpService {
  readonly #adapter: AxiosRequestConfig['adapter'];
  readonly #request: AxiosInstance['request'];

  constructor(upstream: AxiosUpstream, transport: Transport) {
    const instance = axios.create({
      allowAbsoluteUrls: false,
      maxRedirects: 0,
      proxy: false,
      responseType: 'json',
      // The adapter has parsed and checked the body already.
      transformResponse: [],
    });
    instance.defaults.adapter = new UpstreamAdapter(upstream, transport, instance.getUri.bind(instance)).send;
    super(instance);
    this.#adapter = instance.defaults.adapter;
    this.#request = instance.request;
  }

  /**
   * True while nobody has put anything between the surface and the transport: then merging configs and wrapping
   * promises would change nothing, and calls may go straight to the transport.
   */
  get direct(): boolean {
    const { interceptors, defaults, request } = this.axiosRef;
    return (
      !interceptors.request.handlers?.length &&
      !interceptors.response.handlers?.length &&
      defaults.adapter === this.#adapter &&
      request === this.#request &&
      this.request === HttpService.prototype.request
    );
  }
}

/** The injection token of an upstream's `HttpService`. */
export function upstreamHttp(name: string): string {
  return `UPSTREAM_HTTP:${name}`;
}
