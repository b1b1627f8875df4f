import { type Clock, type HttpPolicy, type StageRequest } from '@facet/context';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify';
import { type HttpMetrics } from '../metrics.ts';
import { targetError } from '../refusal/first-refusals.ts';
import { type CorsPolicies, isPreflight } from '../reply/cors.ts';
import { faultOfTarget } from '../request/request-target.ts';
import { RouteVersions } from '../versions/route-versions.ts';
import { type VersionPaths } from '../versions/version-paths.ts';

export interface RouteSettings {
  readonly clock: Clock;
  readonly prefix: string;
  readonly cors: CorsPolicies;
  readonly versionPaths: VersionPaths;
  readonly metrics: HttpMetrics;
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

/** Gives each route, as it is registered, the one hook that knows its policy: nothing is looked up per request. */
export function addRouteHook(instance: FastifyInstance, settings: RouteSettings): void {
  instance.addHook('onRoute', (route) => {
    const versions = versionsOf(route, settings);
    const hook = routeHook(route, versions, settings);
    route.onRequest = [hook, ...listOf(route.onRequest)] as Hook[];
    const onAnswer = answerHook(route, versions);
    if (onAnswer) route.preSerialization = [onAnswer, ...listOf(route.preSerialization)] as never;
  });
}

function routeHook(route: RouteOptions, versions: RouteVersions | undefined, settings: RouteSettings): Hook {
  const declared = route.config?.facet;
  const template = route.url;
  // Declared routes answer with their upstream's fields, and what is not under the prefix has no version.
  const isEndpoint = typeof declared !== 'function' && template.startsWith(`${settings.prefix}/`);
  return (request, reply, done) => {
    const context = request.facet;
    const policy = typeof declared === 'function' ? declared(request as StageRequest) : declared;
    context.policy = policy;
    context.decisions.route = policy?.route ?? template;
    if (policy?.deadlineMs !== undefined) context.limitTo(policy.deadlineMs);
    if (faultOfTarget(request.raw) === 'ambiguous' && policy?.ambiguousPath !== 'pass') {
      throw targetError('ambiguous');
    }
    if (answersPreflight(request, reply, policy, settings.cors)) return;
    if (versions) settleVersion(versions, request, reply, settings);
    else if (isEndpoint) reply.header('api-version', context.apiVersion);
    done();
  };
}

function answersPreflight(
  request: FastifyRequest,
  reply: FastifyReply,
  policy: HttpPolicy | undefined,
  policies: CorsPolicies,
): boolean {
  if (!isPreflight(request)) return false;
  const cors = policies.for(policy);
  cors?.answerPreflight(request, reply);
  return cors !== undefined;
}

function settleVersion(
  versions: RouteVersions,
  request: FastifyRequest,
  reply: FastifyReply,
  { clock, metrics }: RouteSettings,
): void {
  const context = request.facet;
  context.apiVersion = versions.settle(request, reply, clock, (version) => {
    context.decisions.legacyVersion = version;
    // Who it is, is only known then.
    reply.raw.once('close', () => {
      const { decisions, principal } = context;
      metrics.legacyRequests.inc({
        version,
        route: decisions.route ?? '',
        principal: principal.kind,
        tier: principal.tier,
      });
    });
  });
}

type AnswerHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
) => void;

/** Runs on answers that are objects, before they become JSON. */
function answerHook(route: RouteOptions, versions: RouteVersions | undefined): AnswerHook | undefined {
  if (route.schema?.response === undefined) return refuseUndeclared;
  return versions?.hasChains ? versionHook(versions) : undefined;
}

/** Without a schema every field would leave: the fault of an endpoint that forgot `@Answers`. */
const refuseUndeclared: AnswerHook = () => {
  throw new Error('an answer without a response schema');
};

function versionHook(versions: RouteVersions): AnswerHook {
  return (request, reply, payload, done) => {
    const { apiVersion } = request.facet;
    const isAnswer = reply.statusCode >= 200 && reply.statusCode < 300;
    const json = isAnswer ? versions.answerOf(apiVersion, payload) : undefined;
    if (json !== undefined) reply.serializer(asIs);
    done(null, json ?? payload);
  };
}

function versionsOf(route: RouteOptions, settings: RouteSettings): RouteVersions | undefined {
  const policy = route.config?.versions;
  if (policy === undefined) return undefined;
  settings.versionPaths.add(route.url);
  return new RouteVersions(policy, route.config?.versionSteps ?? {}, settings.prefix);
}

function listOf<T>(hooks: T | T[] | undefined): T[] {
  return hooks === undefined ? [] : Array.isArray(hooks) ? hooks : [hooks];
}

function asIs(payload: unknown): string {
  return payload as string;
}
