import { validateHeaderName, validateHeaderValue } from 'node:http';
import { LineMemo } from '@facet/context';

/** Node reads them for framing and the connection's life, or writes them in its own way. */
const nodesOwn: ReadonlySet<string> = new Set([
  'connection',
  'content-disposition',
  'content-length',
  'expect',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Lines of answers: names in lower case; other fields Node has to see itself. Refuses what Node refuses. */
export const fieldLines = new LineMemo({
  isWritten: (name) => {
    if (nodesOwn.has(name) || name !== name.toLowerCase()) return false;
    validateHeaderName(name);
    return true;
  },
  checkValue: validateHeaderValue,
});
