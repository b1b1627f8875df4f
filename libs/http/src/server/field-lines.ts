import { validateHeaderName, validateHeaderValue } from 'node:http';

/** Node reads them for framing and the connection's life, or writes them in its own way. */
const nodesOwn: ReadonlySet<string> = new Set([
  'connection',
  'content-disposition',
  'content-length',
  'date',
  'expect',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a field said before, as it went out. */
interface Said {
  value: string;
  line: string;
  /** How often it has said something else since. */
  others: number;
}

/** Answers of one gateway have a few dozen names; upstreams may make up more, which are not remembered. */
const mostNames = 200;
/** A field that says something new each time is not worth writing down each time. */
const othersBefore = 16;

const said = new Map<string, Said>();

/**
 * One line of a header section, its end included. Most fields of most answers say what they said before: those are
 * neither checked nor put together again.
 * @param name lower case
 * @returns undefined: Node has to see the field itself
 * @throws what Node throws for a name or value that no field may have
 */
export function fieldLine(name: string, value: string): string | undefined {
  const before = said.get(name);
  if (before?.value === value) return before.line;
  if (before === undefined) {
    if (nodesOwn.has(name) || name !== name.toLowerCase()) return undefined;
    validateHeaderName(name);
  }
  validateHeaderValue(name, value);
  const line = `${name}: ${value}\r\n`;
  if (before === undefined) {
    if (said.size < mostNames) said.set(name, { value, line, others: 0 });
  } else if (++before.others >= othersBefore) {
    before.value = value;
    before.line = line;
    before.others = 0;
  }
  return line;
}
