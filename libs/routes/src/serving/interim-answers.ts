import { type StageRequest } from '@facet/context';
import { type HeaderField, type InterimListener } from '@facet/upstream';
import { type ServerResponse } from 'node:http';
import { type FoundRoute, templateValues } from './found-route.ts';

/** More than that is no hint any more: each waits in memory for a client that reads slowly. */
const mostSent = 16;

/** Mean something only beside content, or can't be joined into one line. */
const dropped: ReadonlySet<string> = new Set(['content-length', 'set-cookie']);

/**
 * Passes interim answers on to the client (RFC 9110, 15.2), under the route's rules for responses. None for HTTP/1.0.
 */
export class InterimAnswers implements InterimListener {
  readonly #found: FoundRoute;
  readonly #request: StageRequest;
  readonly #response: ServerResponse;
  #sent = 0;

  constructor(found: FoundRoute, request: StageRequest, response: ServerResponse) {
    this.#found = found;
    this.#request = request;
    this.#response = response;
  }

  onInterim(status: number, fields: readonly HeaderField[]): void {
    const response = this.#response;
    if (this.#request.raw.httpVersion === '1.0' || response.headersSent || response.destroyed) return;
    // Node 24 has no such method.
    if (++this.#sent > mostSent || !('writeInformation' in response)) return;
    const { route } = this.#found;
    const ruled = route.responseHeaders?.(
      fields as [string, string][],
      templateValues(this.#found, this.#request),
    );
    response.writeInformation(status, joined(ruled ?? fields, route.http.cors !== 'off'));
  }
}

function joined(fields: readonly HeaderField[], ownsCors: boolean): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    if (dropped.has(key) || (ownsCors && key.startsWith('access-control-'))) continue;
    all[key] = all[key] === undefined ? value : `${all[key]}, ${value}`;
  }
  return all;
}
