import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import fastJson from 'fast-json-stringify';
import { addVary } from '../reply/vary.ts';
import { versionInPath } from './version-paths.ts';
import { type VersionPolicy } from './version-policy.ts';
import { type VersionStep } from './version-step.ts';

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
  readonly #chains = new Map<string, { steps: VersionStep['from'][]; serialize: Serialize }>();

  /** @throws Error when a step is for a version that there is not */
  constructor(policy: VersionPolicy, steps: Readonly<Record<string, VersionStep>>, prefix: string) {
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
    const stray = Object.keys(steps).find(
      (version) => version === policy.current || !this.#known.has(version),
    );
    if (stray !== undefined) throw new Error(`a step to ${stray}, which is no legacy and no preview version`);
    this.#buildChain(inOrder(Object.keys(policy.legacy), -1), steps);
    this.#buildChain(inOrder(policy.preview, 1), steps);
  }

  /** @param versions away from the current one; each takes all steps up to itself */
  #buildChain(versions: readonly string[], steps: Readonly<Record<string, VersionStep>>): void {
    const taken: VersionStep['from'][] = [];
    for (const version of versions) {
      const step = steps[version];
      if (step === undefined) continue;
      taken.push(step.from);
      this.#chains.set(version, {
        steps: [...taken],
        serialize: fastJson(step.schema as object) as Serialize,
      });
    }
  }

  get hasChains(): boolean {
    return this.#chains.size > 0;
  }

  /**
   * Settles which version answers and marks the answer.
   * @throws GatewayError `not_found` for an unknown version in the path, `malformed_request` for one in the field,
   *   `gone` after the sunset and in a brown-out
   * @param onLegacy told of each request to a version that ends or has ended
   */
  settle(
    request: FastifyRequest,
    reply: FastifyReply,
    clock: Clock,
    onLegacy: (version: string) => void,
  ): string {
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
    if (legacy) {
      onLegacy(version);
      this.#announceEnd(legacy, request.url, reply, clock);
    }
    return version;
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

  /** The answer of another version, as JSON; undefined when the version answers as the current one does. */
  answerOf(version: string, payload: unknown): string | undefined {
    const chain = this.#chains.get(version);
    if (chain === undefined) return undefined;
    let answer = payload;
    for (const step of chain.steps) answer = step(answer as never);
    return chain.serialize(answer);
  }
}

/** By number: 1 upwards, -1 downwards. */
function inOrder(versions: readonly string[], direction: 1 | -1): string[] {
  return [...versions].sort((a, b) => direction * (Number(a.slice(1)) - Number(b.slice(1))));
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
