import { isIP } from 'node:net';

/** What nobody can register: reserved (RFC 6761, ICANN) or only ever answered inside a cluster. */
const privateSuffixes = ['.localhost', '.internal', '.svc', '.cluster.local'];

/**
 * The names under which the management port may be asked. A page that rebinds its own name to our address (DNS
 * rebinding) is of our origin to the browser and sends its name in `Host`: so a name that somebody could own is refused
 * unless it is configured. What scrapes and probes use passes without a word: addresses (of pods), `localhost`, names of
 * one label (of containers) and of services in a cluster.
 */
export class ManagementHosts {
  readonly #named: ReadonlySet<string>;

  /** @param named further names, without a port */
  constructor(named: readonly string[]) {
    this.#named = new Set(named.map((name) => name.toLowerCase()));
  }

  /** @param field `Host` as it came; HTTP/1.0 probes have none, browsers always do */
  know(field: string | undefined): boolean {
    if (field === undefined) return true;
    const name = /^(?:\[([\da-f:.]+)\]|([\w.-]+?))\.?(?::\d{1,5})?$/i.exec(field);
    const [, address, host = ''] = name ?? [];
    if (address !== undefined) return isIP(address) === 6;
    const known = host.toLowerCase();
    if (isIP(known) === 4 || this.#named.has(known)) return true;
    return known !== '' && (!known.includes('.') || privateSuffixes.some((suffix) => known.endsWith(suffix)));
  }
}
