/** What a management handler sees of its request. */
export interface ManagementRequest {
  readonly method: string;
  /** Path parameters: `:name` in the registered path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown;
}

export interface ManagementAnswer {
  readonly status?: number;
  /** Default `application/json`; then `body` is serialized. */
  readonly contentType?: string;
  readonly body?: unknown;
}

export type ManagementHandler = (request: ManagementRequest) => ManagementAnswer | Promise<ManagementAnswer>;

export interface ManagementRoute {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** `/breakers/:upstream` */
  readonly path: string;
  readonly handler: ManagementHandler;
}

/**
 * Where libs hang what operators may see and do; the management port serves it, the public port never.
 * Registered during start; a second handler for the same method and path is an error.
 */
export class ManagementRoutes {
  readonly #routes: ManagementRoute[] = [];

  add(method: ManagementRoute['method'], path: string, handler: ManagementHandler): void {
    if (this.#routes.some((route) => route.method === method && route.path === path)) {
      throw new Error(`management route registered twice: ${method} ${path}`);
    }
    this.#routes.push({ method, path, handler });
  }

  all(): readonly ManagementRoute[] {
    return this.#routes;
  }
}
