import { type FastifyReply } from 'fastify';

/** Adds a field name to `Vary`, once. */
export function addVary(reply: FastifyReply, name: string): void {
  const current = reply.getHeader('vary');
  if (current === undefined) {
    reply.header('vary', name);
    return;
  }
  const names = String(current);
  if (names === '*' || hasName(names, name)) return;
  reply.header('vary', `${names}, ${name}`);
}

function hasName(list: string, name: string): boolean {
  const lower = name.toLowerCase();
  return list.split(',').some((entry) => entry.trim().toLowerCase() === lower);
}
