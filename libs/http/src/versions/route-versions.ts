import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import fastJson from 'fast-json-stringify';
import { addVary } from '../reply/vary.ts';
import { type Downgrade } from './downgrade.decorator.ts';
import { versionInPath } from './version-paths.ts';
import { type VersionPolicy } from './version-policy.ts';

interface LegacyFields {
  readonly deprecation: string;
  readonly sunset: string;
  readonly sunsetMs: number;
  readonly links: string;
  readonly brownOuts: readonly { readonly fromMs: number; readonly toMs: number }[];
}

type Serialize = (payload: unknown) => string;

/** The versions of one endpoint, ready for requests. */
export class RouteVersions {
  readonly current: string;
  readonly #prefix: string;
  readonly #known: ReadonlySet<string>;
  readonly #legacy = new Map<string, LegacyFields>();
  readonly #chain = new Map<string, { steps: ((newer: never) => unknown)[]; serialize: Serialize }>();

  constructor(policy: VersionPolicy, downgrades: Readonly<Record<string, Downgrade>>, prefix: string) {
    this.#prefix = prefix;
    this.current = policy.current;
    this.#known = new Set([policy.current, ...Object.keys(policy.legacy), ...policy.preview]);
    for (const [version, legacy] of Object.entries(policy.legacy)) {
      if (legacy === undefined) continue;
      const sunsetMs = Date.parse(legacy.sunsetAt);
      this.#legacy.set(version, {
        deprecation: `@${Math.floor(Date.parse(legacy.deprecatedAt) / 1000)}`,
        sunset: new Date(sunsetMs).toUTCString(),
        sunsetMs,
        links: [`<${legacy.link}>; rel="deprecation"`, `<${legacy.link}>; rel="sunset"`].join(', '),
        brownOuts: (legacy.brownOuts ?? []).map(({ from, to }) => ({
          fromMs: Date.parse(from),
          toMs: Date.parse(to),
        })),
      });
    }
    this.#buildChain(policy, downgrades);
  }

  /** Versions from newest to oldest legacy; each takes all steps from the current one down to itself. */
  #buildChain(policy: VersionPolicy, downgrades: Readonly<Record<string, Downgrade>>): void {
    const steps: ((newer: never) => unknown)[] = [];
    const oldestLast = Object.keys(policy.legacy).sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
    for (const version of oldestLast) {
      const downgrade = downgrades[version];
      if (downgrade === undefined) continue;
      steps.push(downgrade.from);
      this.#chain.set(version, {
        steps: [...steps],
        serialize: fastJson(downgrade.schema as object) as Serialize,
      });
    }
  }

  get hasDowngrades(): boolean {
    return this.#chain.size > 0;
  }

  /**
   * Settles which version answers and marks the answer.
   * @throws GatewayError `not_found` for an unknown version in the path, `malformed_request` for one in the field,
   *   `gone` after the sunset and in a brown-out
   */
  settle(request: FastifyRequest, reply: FastifyReply, clock: Clock): string {
    const inPath = versionInPath(request.raw);
    const inField = request.raw.headers['api-version'];
    const version = inPath ?? (inField === undefined ? this.current : String(inField));
    if (!this.#known.has(version)) {
      throw inPath === undefined
        ? new GatewayError('malformed_request', { detail: 'The API version is not known' })
        : new GatewayError('not_found');
    }
    reply.header('api-version', version);
    addVary(reply, 'API-Version');
    const legacy = this.#legacy.get(version);
    if (legacy) this.#announceEnd(legacy, request.url, reply, clock);
    return version;
  }

  isLegacy(version: string): boolean {
    return this.#legacy.has(version);
  }

  #announceEnd(legacy: LegacyFields, url: string, reply: FastifyReply, clock: Clock): void {
    reply.header('deprecation', legacy.deprecation);
    reply.header('sunset', legacy.sunset);
    const query = url.indexOf('?');
    const path = linkSafe(url.slice(this.#prefix.length, query === -1 ? undefined : query));
    const successor = `<${this.#prefix}/${this.current}${path}>; rel="successor-version"`;
    reply.header('link', `${legacy.links}, ${successor}`);
    refuseEnded(legacy, clock.now());
  }

  /** The answer of an older version, as JSON; undefined when the version answers as the current one does. */
  downgraded(version: string, payload: unknown): string | undefined {
    const chain = this.#chain.get(version);
    if (chain === undefined) return undefined;
    let answer = payload;
    for (const step of chain.steps) answer = step(answer as never);
    return chain.serialize(answer);
  }
}

/** After the sunset for good, in a brown-out until it is over. */
function refuseEnded({ sunsetMs, brownOuts }: LegacyFields, nowMs: number): void {
  if (nowMs >= sunsetMs) throw new GatewayError('gone', { detail: 'This API version has ended' });
  const brownOut = brownOuts.find(({ fromMs, toMs }) => nowMs >= fromMs && nowMs < toMs);
  if (brownOut === undefined) return;
  throw new GatewayError('gone', {
    detail: 'This API version will end; it is switched off for a while to show where it is still used',
    retryAfterMs: brownOut.toMs - nowMs,
  });
}

/** The client's own path must not end the target of the link and begin another (RFC 8288, section 3). */
function linkSafe(path: string): string {
  return path.replace(/[<>"]/g, (delimiter) => encodeURIComponent(delimiter));
}
