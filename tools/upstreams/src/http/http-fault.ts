import { STATUS_CODES } from 'node:http';
import { type UpstreamProblem } from '../model.ts';

/** Thrown anywhere in a handler: becomes the answer. */
export class HttpFault extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly errors: readonly string[];

  constructor(
    status: number,
    detail: string,
    options: { headers?: Record<string, string>; errors?: readonly string[] } = {},
  ) {
    super(detail);
    this.status = status;
    this.headers = options.headers ?? {};
    this.errors = options.errors ?? [];
  }

  toProblem(): UpstreamProblem {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: [...this.errors] }),
    };
  }
}
