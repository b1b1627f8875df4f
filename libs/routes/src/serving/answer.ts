import { type StageRequest } from '@facet/context';
import { type FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { setAnswerFields } from './answer-fields.ts';
import { type FoundRoute, templateValues } from './found-route.ts';
import { type RouteAnswer } from './exchange.ts';
import { streamGarbage } from './stream-garbage.ts';

/** Sends the upstream's answer, changed by the route's rules, as a stream: a body that breaks off ends the connection. */
export function sendAnswer(
  found: FoundRoute,
  answer: RouteAnswer,
  request: StageRequest,
  reply: FastifyReply,
): void {
  const { route } = found;
  const { status, statusText, body } = answer;
  const fields = route.responseHeaders?.(
    answer.headers as [string, string][],
    templateValues(found, request),
  );
  setStatus(status, reply);
  if (statusText !== undefined && /^[\t\x20-\x7e]+$/.test(statusText)) reply.raw.statusMessage = statusText;
  const isKept = fields === undefined && answer.isListKept === true;
  setAnswerFields(reply, fields ?? answer.headers, isKept, route.http.cors !== 'off');
  if (request.facet.principal.kind !== 'anonymous' && !reply.hasHeader('cache-control')) {
    reply.header('cache-control', 'no-store');
  }
  if (Buffer.isBuffer(body)) sendBuffer(body, reply);
  else sendStream(body, reply);
}

/** Three digits are a status (RFC 9110, 15), though Fastify knows none above 599. */
function setStatus(status: number, reply: FastifyReply): void {
  reply.code(Math.min(status, 599));
  reply.raw.statusCode = status;
}

/** Shorter bodies leave too little behind to be counted. */
const longBytes = 1024 * 1024;

function sendStream(body: Readable, reply: FastifyReply): void {
  const declaredBytes = Number(reply.getHeader('content-length') ?? Infinity);
  // Not before: a listener for data sets the stream going, and hooks may still want to put another behind it.
  if (declaredBytes > longBytes)
    reply.raw.once('pipe', (piped: Readable) => piped.on('data', streamGarbage.add));
  reply.send(body);
}

function sendBuffer(body: Buffer, reply: FastifyReply): void {
  // Fastify would give an answer that has no body a length of 0, and typeless bytes a type.
  if (body.length === 0) reply.send();
  else if (reply.hasHeader('content-type')) reply.send(body);
  else reply.header('content-length', body.length).send(Readable.from([body]));
}
