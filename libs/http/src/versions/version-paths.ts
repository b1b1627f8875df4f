import { type IncomingMessage } from 'node:http';
import { isVersionName } from './version-policy.ts';

const versions = new WeakMap<IncomingMessage, string>();

/** The version a path asked for, noted when the segment was taken out of it. */
export function versionInPath(raw: IncomingMessage): string | undefined {
  return versions.get(raw);
}

/**
 * Takes the version segment out of the paths of versioned endpoints before routing: `/api/web/v1/orders` is routed
 * as `/api/web/orders`. Other paths stay, so that a declared route may have a `/v1` of its own.
 */
export class VersionPaths {
  readonly #prefix: string;
  /** First path segments after the prefix of all versioned endpoints. */
  readonly #segments = new Set<string>();

  constructor(prefix: string) {
    this.#prefix = `${prefix}/`;
  }

  /** @param path route template with its prefix */
  add(path: string): void {
    if (path.startsWith(this.#prefix)) this.#segments.add(firstSegment(path, this.#prefix.length));
  }

  /** The path to route by. */
  strip(raw: IncomingMessage, url: string): string {
    const start = this.#prefix.length;
    if (url.charCodeAt(start) !== 0x76 || !url.startsWith(this.#prefix)) return url;
    const slash = url.indexOf('/', start);
    if (slash === -1) return url;
    const version = url.slice(start, slash);
    if (!isVersionName(version) || !this.#segments.has(firstSegment(url, slash + 1))) return url;
    versions.set(raw, version);
    return this.#prefix + url.slice(slash + 1);
  }
}

function firstSegment(path: string, start: number): string {
  let end = start;
  while (end < path.length && path[end] !== '/' && path[end] !== '?') end++;
  return path.slice(start, end);
}
