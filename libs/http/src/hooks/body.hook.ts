import { type IncomingMessage } from 'node:http';
import { type Clock } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type ProblemAnswers } from '../problem/problem-answers.ts';
import { decodedBody } from '../refusal/content-coding.ts';
import { parseJsonBody } from '../refusal/json-body.ts';
import { isJsonMediaType } from '../refusal/media-type.ts';

/**
 * Reads bodies: JSON only, codings undone, bounded in bytes by Fastify's body limit and in time by the deadline.
 * Routes that take bodies raw bring their own parser and are left alone.
 */
export function addBodyHooks(instance: FastifyInstance, problems: ProblemAnswers, clock: Clock): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    let parsed: unknown;
    try {
      parsed = parseJsonBody(body as Buffer);
    } catch (error) {
      done(error as Error, undefined);
      return;
    }
    done(null, parsed);
  });
  instance.addHook('preParsing', (request, reply, payload, done) => {
    if (!hasBody(request)) {
      done(null, payload);
      return;
    }
    const { raw } = request;
    const isRaw = request.facet.policy?.body === 'raw';
    if (!isRaw && !isJsonMediaType(raw.headers['content-type'] ?? '')) {
      throw new GatewayError('unsupported_media_type');
    }
    const decoder = isRaw ? undefined : decodedBody(raw);
    // A decoder that was not read to its end keeps megabytes outside the heap, where no garbage collection sees them.
    if (decoder) reply.raw.once('close', () => decoder.destroy());
    // Only now is the client told to send: whatever was refused before, was refused unread.
    if (waitsForContinue(raw)) reply.raw.writeContinue();
    if (!isRaw) {
      const timer = clock.setTimeout(() => {
        if (!raw.complete)
          problems.send(new GatewayError('request_timeout', { closeConnection: true }), request, reply);
      }, request.facet.deadline.remainingMs());
      const stop = (): void => clock.clearTimeout(timer);
      raw.once('end', stop);
      raw.once('close', stop);
      // A body that was answered unread neither ends nor closes.
      reply.raw.once('close', stop);
    }
    done(null, decoder ?? payload);
  });
}

/** An HTTP/1.0 client would take the interim answer for the final one (RFC 9110, section 10.1.1). */
function waitsForContinue({ httpVersion, headers: { expect } }: IncomingMessage): boolean {
  return httpVersion !== '1.0' && expect?.toLowerCase() === '100-continue';
}

function hasBody(request: FastifyRequest): boolean {
  const { headers } = request.raw;
  const length = headers['content-length'];
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined;
}
