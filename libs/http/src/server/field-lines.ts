import { validateHeaderName, validateHeaderValue } from 'node:http';
import { LineMemo } from '@facet/context';

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

/**
 * Lines of answers: names in lower case. Undefined: Node has to see the field itself. Throws what Node throws for a
 * name or value that no field may have.
 */
export const fieldLines = new LineMemo((name, value) => {
  if (nodesOwn.has(name) || name !== name.toLowerCase()) return undefined;
  validateHeaderName(name);
  validateHeaderValue(name, value);
  return `${name}: ${value}\r\n`;
});
