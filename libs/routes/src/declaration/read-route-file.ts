import { basename } from 'node:path';
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { RouteFaults } from '../validation/fault.ts';
import { type RouteSource } from './route-source.ts';

/**
 * Reads the text of a `ROUTES_FILE`, YAML or JSON (which is YAML), keeping the line of every part.
 * @throws `RouteFaults` when it is neither
 */
export function readRouteFile(name: string, text: string): RouteSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const file = basename(name);
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    where: `${file}:${lines.linePos(pos[0]).line}`,
    message: `is neither JSON nor YAML: ${message.split('\n', 1)[0]}`,
  }));
  if (problems.length > 0) throw new RouteFaults(problems);
  return {
    value: toValue(document, file),
    locate: (path) => `${file}:${lines.linePos(offsetOf(document, path)).line}`,
  };
}

/** Aliases are resolved here: one without an anchor, or too many of them, is a fault of the whole file. */
function toValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    throw new RouteFaults([{ where: file, message: `can't be read: ${(error as Error).message}` }]);
  }
}

/** Offset of the deepest part of `path` that exists: of its key where it has one. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const next = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === step)
      : isSeq(node)
        ? node.items[step as number]
        : undefined;
    if (next === undefined) break;
    offset = startOf(isPair(next) ? next.key : next) ?? offset;
    node = isPair(next) ? next.value : next;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
