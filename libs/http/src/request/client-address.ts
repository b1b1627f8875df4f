import { type IncomingHttpHeaders } from 'node:http';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Block = [Address, number];

/** Whose forwarding fields are believed. */
export class TrustedProxies {
  readonly #blocks: readonly Block[];

  /** @param cidrs CIDR blocks or single addresses; throws on anything else. Empty: nobody is believed. */
  constructor(cidrs: readonly string[]) {
    this.#blocks = cidrs.map(parseBlock);
  }

  includes(address: string): boolean {
    if (this.#blocks.length === 0) return false;
    const parsed = parseAddress(address);
    if (parsed === undefined) return false;
    return this.#blocks.some(([block, bits]) => block.kind() === parsed.kind() && parsed.match(block, bits));
  }

  /**
   * The right-most hop that is not a trusted proxy; a hop that is no address ends the walk at the proxy that reported
   * it. Which of `Forwarded` (RFC 7239) and `X-Forwarded-For` the proxies write is not known, and the other one comes
   * through from the client: when the two lead to different clients, neither is believed and the peer counts.
   * @param peer canonical address of the socket's other end, already known to be trusted
   */
  clientBehind(peer: string, headers: IncomingHttpHeaders): string {
    const byForwarded = this.#walk(peer, forwardedHops(headers));
    const byList = this.#walk(peer, listedHops(headers));
    if (byForwarded === undefined || byList === undefined) return byForwarded ?? byList ?? peer;
    return byForwarded === byList ? byForwarded : peer;
  }

  #walk(peer: string, hops: readonly string[] | undefined): string | undefined {
    if (hops === undefined) return undefined;
    let client = peer;
    for (let i = hops.length - 1; i >= 0; i--) {
      const hop = parseAddress(hops[i] ?? '');
      if (hop === undefined) return client;
      client = hop.toString();
      if (!this.includes(client)) return client;
    }
    return client;
  }
}

/** One spelling per address: IPv4-mapped IPv6 becomes IPv4, IPv6 its shortest form. Anything else comes back as it is. */
export function canonicalAddress(address: string): string {
  if (!address.includes(':')) return address;
  return parseAddress(address)?.toString() ?? address;
}

/** What an address is counted as: IPv4 whole, IPv6 by its /64, of which one subscriber has every address. */
export function networkOf(address: string): string {
  const parsed = address.includes(':') ? parseAddress(address) : undefined;
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : address;
}

function parseAddress(text: string): Address | undefined {
  const bare = withoutPort(text);
  // Only the four-part decimal form: `127.1`, octal and hex spellings are read differently by different software.
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  if (!ipaddr.IPv6.isValid(bare) || bare.includes('%')) return undefined;
  const address = ipaddr.IPv6.parse(bare);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function withoutPort(text: string): string {
  if (text.startsWith('[')) return text.slice(1, text.indexOf(']') === -1 ? undefined : text.indexOf(']'));
  const colon = text.indexOf(':');
  return colon !== -1 && colon === text.lastIndexOf(':') ? text.slice(0, colon) : text;
}

function parseBlock(cidr: string): Block {
  if (cidr.includes('/')) return ipaddr.parseCIDR(cidr);
  const address = ipaddr.parse(cidr);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function forwardedHops({ forwarded }: IncomingHttpHeaders): string[] | undefined {
  return forwarded?.split(',').map(forwardedFor);
}

function listedHops({ 'x-forwarded-for': list }: IncomingHttpHeaders): string[] | undefined {
  if (list === undefined) return undefined;
  return (Array.isArray(list) ? list.join(',') : list).split(',').map((hop) => hop.trim());
}

/** Whether the nearest proxy, already known to be trusted, was reached by TLS: every field that speaks must say so. */
export function cameByHttps({ forwarded, 'x-forwarded-proto': proto }: IncomingHttpHeaders): boolean {
  if (forwarded === undefined && proto === undefined) return false;
  return (
    (forwarded === undefined || /(?:^|;)\s*proto\s*=\s*"?https"?\s*(?:;|$)/i.test(lastOf(forwarded))) &&
    (proto === undefined || lastOf(String(proto)).trim().toLowerCase() === 'https')
  );
}

function lastOf(list: string): string {
  return list.slice(list.lastIndexOf(',') + 1);
}

/** `for=` of one `Forwarded` element; empty when it has none or hides it (`unknown`, `_id`). */
function forwardedFor(element: string): string {
  const match = /(?:^|;)\s*for\s*=\s*(?:"([^"]*)"|([^;\s]*))/i.exec(element);
  return match?.[1] ?? match?.[2] ?? '';
}
