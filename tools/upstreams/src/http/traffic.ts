import { type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** Beyond it, new paths are counted together: a load test must not fill the memory. */
const MAX_PATHS = 10_000;
const OTHER_PATHS = '*';

/** The latest request as it arrived; `rawHeaders` alternates names and values in the order of the wire. */
export interface LastRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
}

export interface TrafficStats {
  /** Requests being answered now. */
  inFlight: number;
  /** Requests whose client left before its answer was complete. */
  aborted: number;
  openSockets: number;
  /** Sockets opened since the start. */
  totalSockets: number;
}

/** What a service has seen; `/health` and `/__*` leave no trace here. */
export class Traffic {
  readonly #hits = new Map<string, number>();
  readonly #stats: TrafficStats = { inFlight: 0, aborted: 0, openSockets: 0, totalSockets: 0 };
  readonly #cutByUs = new WeakSet<ServerResponse>();
  #last: LastRequest | undefined;

  watchSockets(server: Server): void {
    server.on('connection', (socket) => {
      this.#stats.openSockets += 1;
      this.#stats.totalSockets += 1;
      socket.once('close', () => (this.#stats.openSockets -= 1));
    });
  }

  begin(request: IncomingMessage, response: ServerResponse, path: string): void {
    const { method = '', url = '', headers, rawHeaders } = request;
    this.#last = { method, url, headers, rawHeaders };
    const key = this.#hits.has(path) || this.#hits.size < MAX_PATHS ? path : OTHER_PATHS;
    this.#hits.set(key, (this.#hits.get(key) ?? 0) + 1);
    this.#stats.inFlight += 1;
    response.once('close', () => {
      this.#stats.inFlight -= 1;
      if (!response.writableFinished && !this.#cutByUs.has(response)) this.#stats.aborted += 1;
    });
  }

  /** This answer is about to be broken off by the service itself, so its client did not leave. */
  cut(response: ServerResponse): void {
    this.#cutByUs.add(response);
  }

  /** Requests per path, without the query. */
  hits(): Record<string, number> {
    return Object.fromEntries(this.#hits);
  }

  clearHits(): void {
    this.#hits.clear();
  }

  last(): LastRequest | undefined {
    return this.#last;
  }

  stats(): TrafficStats {
    return { ...this.#stats };
  }
}
