import { type HeaderField } from '@facet/upstream';
import { type FastifyReply } from 'fastify';

/** What an answer is made with says nothing to its client. */
const software: ReadonlySet<string> = new Set(['server', 'x-powered-by']);

/** Lists that come with many answers, folded once: where the gateway answers for CORS, and where the upstream does. */
const folded = {
  gateway: new WeakMap<object, readonly HeaderField[]>(),
  upstream: new WeakMap<object, readonly HeaderField[]>(),
};

/**
 * Sets the upstream's fields: repeated ones as one array each, in their order. What a stage has set is not the
 * upstream's to say.
 * @param isKept the very same list comes with later answers as well
 * @param ownsCors the gateway answers for CORS: what the upstream says of it is left out
 */
export function setAnswerFields(
  reply: FastifyReply,
  fields: readonly HeaderField[],
  isKept: boolean,
  ownsCors: boolean,
): void {
  const list = isKept ? foldedOnce(fields, ownsCors) : fields;
  const passed: string[] = [];
  for (const [field, value] of list) {
    const name = isKept ? field : field.toLowerCase();
    if (!isKept && isLeftOut(name, ownsCors)) continue;
    if (!reply.hasHeader(name)) {
      reply.header(name, value);
      passed.push(name);
    } else if (passed.includes(name)) {
      const known = reply.getHeader(name) as string | string[];
      reply.removeHeader(name).header(name, [known, value].flat());
    }
  }
}

function foldedOnce(fields: readonly HeaderField[], ownsCors: boolean): readonly HeaderField[] {
  const known = ownsCors ? folded.gateway : folded.upstream;
  let list = known.get(fields);
  if (list === undefined) known.set(fields, (list = fold(fields, ownsCors)));
  return list;
}

function fold(fields: readonly HeaderField[], ownsCors: boolean): readonly HeaderField[] {
  return fields
    .map(([field, value]): HeaderField => [field.toLowerCase(), value])
    .filter(([name]) => !isLeftOut(name, ownsCors));
}

/** @param name lower case */
function isLeftOut(name: string, ownsCors: boolean): boolean {
  return software.has(name) || (ownsCors && name.startsWith('access-control-'));
}
