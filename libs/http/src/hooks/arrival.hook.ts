import { type Clock } from '@facet/context';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Http2Response } from '../http2/http2-response.ts';
import { isHealth } from '../overload/is-health.ts';
import { checkRequestHead, targetError } from '../refusal/first-refusals.ts';
import { allowedMethods, unroutedError } from '../refusal/methods.ts';
import { type CorsPolicies, isPreflight } from '../reply/cors.ts';
import { type TrustedProxies } from '../request/client-address.ts';
import { Connection } from '../request/connection.ts';
import { hasCredential } from '../request/credentials.ts';
import { GatewayRequest } from '../request/gateway-request.ts';
import { isRequestId, newRequestId } from '../request/request-id.ts';
import { faultOfTarget } from '../request/request-target.ts';
import { type FrontDoor } from '../overload/front-door.ts';
import { type Shedding } from '../overload/shedding.ts';
import { type Traffic } from '../overload/traffic.ts';

export interface ArrivalSettings {
  readonly clock: Clock;
  readonly gateway: string;
  readonly requestDeadlineMs: number;
  readonly proxies: TrustedProxies;
  readonly cors: CorsPolicies;
  readonly traffic: Traffic;
  readonly shedding: Shedding;
  readonly door: FrontDoor;
}

/** The first hook of every request: gives it its context, then refuses what a look at its head can refuse. */
export function addArrivalHook(instance: FastifyInstance, settings: ArrivalSettings): void {
  const { gateway, traffic } = settings;
  instance.decorateRequest('facet');
  instance.addHook('onRequest', (request, reply, done) => {
    const context = contextOf(request, reply, settings);
    request.facet = context;
    context.connection.add(context);
    abandonWithStream(reply, context, traffic);
    traffic.begin(context);
    checkRequestHead(request, gateway);
    if (!isHealth(request.raw)) refuseUnderLoad(request, settings);
    if (request.is404) answerUnrouted(instance, request, reply, settings);
    else if (isForUs(request)) answerOptions(instance, request, reply);
    else done();
  });
  instance.addHook('onResponse', (request, _reply, done) => {
    request.facet.connection.remove(request.facet);
    traffic.end(request.facet);
    done();
  });
}

/** With HTTP/1.1 a client leaves with its connection. */
function abandonWithStream({ raw }: FastifyReply, context: GatewayRequest, traffic: Traffic): void {
  if (context.httpVersion === '2.0' && raw instanceof Http2Response)
    raw.onBreak = () => context.connection.abandon(context, traffic);
}

/** Also for the requests that fail before any hook. */
export function contextOf(
  request: FastifyRequest,
  reply: FastifyReply,
  settings: ArrivalSettings,
): GatewayRequest {
  const { raw } = request;
  const { clock, proxies, door } = settings;
  const connection = Connection.of(raw.socket, proxies, settings.traffic);
  const inboundId = raw.headers['x-request-id'];
  return new GatewayRequest({
    request,
    reply,
    connection,
    clock,
    requestId:
      typeof inboundId === 'string' && isRequestId(inboundId) ? inboundId : newRequestId(clock.now()),
    clientAddress: connection.isTrusted
      ? proxies.clientBehind(connection.peer, raw.headers)
      : connection.peer,
    arrivedAtMs: door.arrivedAtMs ?? clock.monotonic(),
    deadlineMs: settings.requestDeadlineMs,
    apiVersion: 'v2',
  });
}

function refuseUnderLoad({ raw }: FastifyRequest, { door, shedding }: ArrivalSettings): void {
  if (door.refusedAs !== undefined) shedding.turnAway(door.refusedAs);
  shedding.judgeUnknown(hasCredential(raw.headers));
}

/** No route takes it: a preflight or OPTIONS is answered here, the rest is refused with its body unread. */
function answerUnrouted(
  instance: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  settings: ArrivalSettings,
): void {
  if (faultOfTarget(request.raw) === 'ambiguous') throw targetError('ambiguous');
  const cors = settings.cors.for(undefined);
  if (cors !== undefined && isPreflight(request)) {
    cors.answerPreflight(request, reply);
    return;
  }
  if (request.raw.method !== 'OPTIONS') throw unroutedError(instance, request);
  answerOptions(instance, request, reply);
}

/** `OPTIONS` that no hop may pass on is answered here (RFC 9110, section 7.6.2). */
function isForUs({ raw }: FastifyRequest): boolean {
  return raw.method === 'OPTIONS' && /^0+$/.test(String(raw.headers['max-forwards'] ?? ''));
}

function answerOptions(instance: FastifyInstance, request: FastifyRequest, reply: FastifyReply): void {
  const allowed = allowedMethods(instance, request.url);
  if (allowed.length === 0) throw unroutedError(instance, request);
  const names = new Set([...allowed, 'OPTIONS']);
  reply
    .code(204)
    .header('allow', [...names].join(', '))
    .send();
}
