import { readFileSync } from 'node:fs';
import { type Upstreams } from '@facet/upstream';
import { AdHocUpstreams } from './ad-hoc-upstream.ts';
import { readRouteFile } from './declaration/read-route-file.ts';
import { codeSource } from './declaration/route-source.ts';
import { loadRoutes } from './load-routes.ts';
import { type RouteTable } from './route-table.ts';
import { type RoutesOptions } from './routes.module-definition.ts';
import { type Endpoints } from './serving/endpoints.ts';
import { RouteFaults } from './validation/fault.ts';

/** Makes tables of what the app declares and of the file as it is at the moment. */
export class RouteLoader {
  readonly #options: RoutesOptions;
  readonly #upstreams: Upstreams;
  readonly #endpoints: Endpoints;
  /** Of the app itself, without those that routes named by URL. */
  readonly #declared: ReadonlySet<string>;
  /** Upstreams that routes of any load named by URL. */
  readonly adHocUpstreams: AdHocUpstreams;

  constructor(options: RoutesOptions, upstreams: Upstreams, endpoints: Endpoints) {
    this.#options = options;
    this.#upstreams = upstreams;
    this.#endpoints = endpoints;
    this.#declared = new Set(upstreams.names());
    this.adHocUpstreams = new AdHocUpstreams(this.#declared);
  }

  /** @throws `RouteFaults` when it can't be read */
  readFile(file: string): string {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      throw new RouteFaults([{ where: 'ROUTES_FILE', message: `names a file that can't be read (${code})` }]);
    }
  }

  /**
   * Checks, compiles, and declares the upstreams that routes name by URL.
   * @param text of the file; undefined: there is none
   * @throws `RouteFaults` with every fault
   */
  load(text: string | undefined): RouteTable {
    const { prefix, file = '', routes = [], bodyLimitBytes, values = {} } = this.#options;
    const sources = [codeSource(routes), ...(text === undefined ? [] : [readRouteFile(file, text)])];
    const table = loadRoutes(sources, {
      prefix,
      upstreams: this.#declared,
      config: values,
      endpoints: this.#endpoints.all(),
      bodyLimitBytes,
      adHocUpstreams: this.adHocUpstreams,
    });
    for (const { adHocUpstream } of table.routes) {
      if (adHocUpstream === undefined || this.#upstreams.has(adHocUpstream.name)) continue;
      const { name, origin, breaker } = adHocUpstream;
      this.#upstreams.add({ name, url: origin, ...(breaker === undefined ? {} : { breaker }) });
    }
    return table;
  }
}
