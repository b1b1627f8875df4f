import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Http2Request } from '../http2/http2-request.ts';

/**
 * Ends the connection with this answer: nothing else that comes on it is served (RFC 9112, section 9.6). With HTTP/2
 * it is the stream that ends; the others know nothing of it.
 */
export function closeAfter(request: FastifyRequest, reply: FastifyReply): void {
  if (request.raw instanceof Http2Request) return;
  reply.header('connection', 'close');
  request.facet.connection.isClosing = true;
}
