import { type Clock, type TimerHandle } from '@facet/context';
import { type Upstreams } from '@facet/upstream';
import { type AdHocUpstreams } from '../ad-hoc-upstream.ts';
import { type RouteTable } from '../route-table.ts';

/** How often is looked. Not at once: a request may have found its route and not be counted yet. */
const lookMs = 1_000;

/** Ends upstreams that routes named by URL and name no more, once the last request of the old routes is over. */
export class LeavingUpstreams {
  readonly #upstreams: Upstreams;
  readonly #adHoc: AdHocUpstreams;
  readonly #clock: Clock;
  #wanted: ReadonlySet<string> = new Set();
  #timer: TimerHandle | undefined;

  constructor(upstreams: Upstreams, adHoc: AdHocUpstreams, clock: Clock) {
    this.#upstreams = upstreams;
    this.#adHoc = adHoc;
    this.#clock = clock;
  }

  /** These routes serve now. */
  keepFor({ routes }: RouteTable): void {
    this.#wanted = new Set(
      routes.flatMap(({ adHocUpstream }) => (adHocUpstream === undefined ? [] : [adHocUpstream.name])),
    );
    if ([...this.#adHoc.all()].some(({ name }) => !this.#wanted.has(name))) this.#lookLater();
  }

  close(): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #look = (): void => {
    let areLeft = false;
    for (const { name, use } of [...this.#adHoc.all()]) {
      if (this.#wanted.has(name)) continue;
      if (use.requests > 0 || this.#isBusy(name)) areLeft = true;
      else this.#end(name);
    }
    if (areLeft) this.#lookLater();
  };

  #lookLater(): void {
    this.close();
    this.#timer = this.#clock.setTimeout(this.#look, lookMs);
  }

  #isBusy(name: string): boolean {
    return this.#upstreams.has(name) && this.#upstreams.get(name).transport.stats().pending > 0;
  }

  #end(name: string): void {
    this.#adHoc.forget(name);
    void this.#upstreams.remove(name);
  }
}
