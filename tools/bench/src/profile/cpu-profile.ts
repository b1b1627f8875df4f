/** The file that `node --cpu-prof` writes: a tree of calls and the samples that hit them. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** One call in the tree with all samples below it. */
export interface Frame {
  readonly name: string;
  readonly place: string;
  readonly self: number;
  readonly total: number;
  readonly children: readonly Frame[];
}

/** Turns the flat profile into a tree with totals. */
export function frameTree(profile: CpuProfile): Frame {
  const hits = new Map<number, number>();
  for (const id of profile.samples) hits.set(id, (hits.get(id) ?? 0) + 1);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const frame = (id: number): Frame => {
    const node = nodes.get(id);
    if (!node) throw new Error(`the profile names a node it does not have: ${id}`);
    const children = (node.children ?? []).map(frame);
    const self = hits.get(id) ?? 0;
    const { functionName, url, lineNumber } = node.callFrame;
    return {
      name: functionName || '(anonymous)',
      place: `${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`,
      self,
      total: children.reduce((sum, child) => sum + child.total, self),
      children,
    };
  };
  const [root] = profile.nodes;
  if (!root) throw new Error('the profile is empty');
  return frame(root.id);
}

/** Functions by the time spent in themselves, the costliest first. */
export function hottest(tree: Frame): { name: string; place: string; self: number }[] {
  const byPlace = new Map<string, { name: string; place: string; self: number }>();
  const visit = (frame: Frame): void => {
    const key = `${frame.name} ${frame.place}`;
    const entry = byPlace.get(key) ?? { name: frame.name, place: frame.place, self: 0 };
    byPlace.set(key, { ...entry, self: entry.self + frame.self });
    frame.children.forEach(visit);
  };
  visit(tree);
  return [...byPlace.values()].sort((a, b) => b.self - a.self);
}
