import { Readable } from 'node:stream';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { hasUnreadBody } from '../refusal/unread-body.ts';
import { closeAfter } from '../reply/close-after.ts';
import { compress, compressedStream, minCompressedBytes } from '../reply/compression.ts';
import { isCompressible, preferredCoding } from '../reply/content-coding.ts';
import { type CorsPolicies } from '../reply/cors.ts';
import { matchesEtag, weakEtag } from '../reply/etag.ts';
import { addSecurityHeaders, setSecurityHeaders } from '../reply/security-headers.ts';
import { addVary } from '../reply/vary.ts';
import { type Traffic } from '../overload/traffic.ts';
import { type GatewayRequest } from '../request/gateway-request.ts';

type Payload = string | Buffer | Readable | null | undefined;
type Done = (error: Error | null, payload?: unknown) => void;

/** The last hook of every answer: our own fields, validators, then the coding. */
export function addReplyHook(instance: FastifyInstance, cors: CorsPolicies, traffic: Traffic): void {
  instance.addHook('onSend', (request, reply, payload, done) => {
    if (traffic.isDraining || leavesBodyUnread(request)) closeAfter(request, reply);
    if (request.facet.hasFailed) {
      // A refusal may come before it is known which endpoint was meant.
      if (!reply.hasHeader('api-version')) reply.header('api-version', request.facet.apiVersion);
      done(null, payload);
    } else finish(request, reply, payload as Payload, cors, done);
  });
}

function finish(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: Payload,
  cors: CorsPolicies,
  done: Done,
): void {
  const { facet } = request;
  const { policy } = facet;
  reply.header('x-request-id', facet.requestId);
  if (policy?.securityHeaders === 'ifAbsent') addSecurityHeaders(reply, facet.isSecure);
  else setSecurityHeaders(reply, facet.isSecure);
  const cacheControl = cacheControlOf(facet);
  if (cacheControl !== 'origin') reply.header('cache-control', cacheControl);
  const { cacheStatus } = facet.decisions;
  if (cacheStatus !== undefined) reply.header('cache-status', cacheStatus);
  cors.for(policy)?.apply(request, reply);
  if (policy?.etag !== 'off' && isUnchanged(request, reply, payload)) {
    // What the 200 would have varied by (RFC 9110, section 15.4.5).
    if (policy?.compression !== 'off' && isWorthCoding(reply, payload)) addVary(reply, 'Accept-Encoding');
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    // Fastify measures the payload of every HEAD after this hook, and fails on null.
    done(null, request.raw.method === 'HEAD' ? Readable.from([]) : null);
    return;
  }
  if (policy?.compression === 'off') done(null, payload);
  else encode(request, reply, payload, done);
}

/** A route that takes bodies raw may answer while it still reads. */
function leavesBodyUnread({ raw, facet }: FastifyRequest): boolean {
  return facet.policy?.body !== 'raw' && hasUnreadBody(raw);
}

/** An answer with gaps is only good until its missing parts are back: no cache keeps it beyond its next use. */
function cacheControlOf({ policy, decisions }: GatewayRequest): string {
  const declared = policy?.cacheControl ?? 'no-store';
  const isPartial = decisions.gaps !== undefined && decisions.gaps.length > 0;
  return isPartial && declared !== 'origin' && declared !== 'no-store' ? 'private, no-cache' : declared;
}

/** Gives a whole 200 its validator; whether the client has just that already (RFC 9110, section 13.2.2). */
function isUnchanged(request: FastifyRequest, reply: FastifyReply, payload: Payload): boolean {
  const { method, headers } = request.raw;
  if ((method !== 'GET' && method !== 'HEAD') || reply.statusCode !== 200) return false;
  let etag = reply.getHeader('etag');
  if (etag === undefined) {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return false;
    etag = weakEtag(payload);
    reply.header('etag', etag);
  }
  const ifNoneMatch = headers['if-none-match'];
  return ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, String(etag));
}

function encode(request: FastifyRequest, reply: FastifyReply, payload: Payload, done: Done): void {
  if (!isWorthCoding(reply, payload)) {
    done(null, payload);
    return;
  }
  addVary(reply, 'Accept-Encoding');
  const coding = preferredCoding(request.raw.headers['accept-encoding']);
  if (coding === undefined) {
    done(null, payload);
    return;
  }
  reply.header('content-encoding', coding).removeHeader('content-length');
  weakenEtag(reply);
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) compress(coding, payload, done);
  else done(null, compressedStream(coding, payload as Readable));
}

/** Bytes that we coded are no longer those the strong validator stands for (RFC 9110, section 8.8.1). */
function weakenEtag(reply: FastifyReply): void {
  const etag = reply.getHeader('etag');
  if (typeof etag === 'string' && !etag.startsWith('W/')) reply.header('etag', `W/${etag}`);
}

function isWorthCoding(reply: FastifyReply, payload: Payload): boolean {
  if (payload === null || payload === undefined) return false;
  const size = sizeOf(reply, payload);
  if (size !== undefined && size < minCompressedBytes) return false;
  const { statusCode } = reply;
  if (statusCode < 200 || statusCode === 204 || statusCode === 206) return false;
  if (reply.hasHeader('content-encoding') || reply.hasHeader('content-range')) return false;
  if (String(reply.getHeader('cache-control') ?? '').includes('no-transform')) return false;
  return isCompressible(String(reply.getHeader('content-type') ?? ''));
}

function sizeOf(reply: FastifyReply, payload: string | Buffer | Readable): number | undefined {
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) return Buffer.byteLength(payload);
  const length = reply.getHeader('content-length');
  return length === undefined ? undefined : Number(length);
}
