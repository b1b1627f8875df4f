import { type FastifyReply, type FastifyRequest } from 'fastify';

/** Ends the connection with this answer: nothing else that comes on it is served (RFC 9112, section 9.6). */
export function closeAfter(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('connection', 'close');
  request.facet.connection.isClosing = true;
}
