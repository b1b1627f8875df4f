import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Project {
  readonly root: string;
  readonly tags: readonly string[];
}

/** Who is where and who imports whom, as Nx reads it from the sources. */
export interface ProjectGraph {
  readonly projects: Readonly<Record<string, Project>>;
  readonly imports: Readonly<Record<string, readonly string[]>>;
}

export function projectGraph(root: string): ProjectGraph {
  const folder = mkdtempSync(join(tmpdir(), 'facet-graph-'));
  const file = join(folder, 'graph.json');
  execFileSync(join(root, 'node_modules/.bin/nx'), ['graph', `--file=${file}`], {
    cwd: root,
    stdio: 'ignore',
    env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' },
  });
  const { graph } = JSON.parse(readFileSync(file, 'utf8')) as {
    graph: {
      nodes: Record<string, { data: { root: string; tags?: string[] } }>;
      dependencies: Record<string, { target: string }[]>;
    };
  };
  rmSync(folder, { recursive: true });
  return {
    projects: mapValues(graph.nodes, ({ data }) => ({ root: data.root, tags: data.tags ?? [] })),
    imports: mapValues(graph.dependencies, (edges) => edges.map(({ target }) => target)),
  };
}

/**
 * Files that a built app must not hold: other apps' code, libs that it does not import (through others either), test
 * doubles, tools, specs, and whatever belongs to no project.
 * @param inputs of the bundle; default what its build left in `inputs.json`
 */
export function foreignInputs(
  root: string,
  app: string,
  graph: ProjectGraph,
  inputs: readonly string[] = readInputs(root, app),
): string[] {
  const reached = reachable(app, graph);
  return inputs.filter((input) => {
    if (bundledOnPurpose.test(input)) return false;
    const [name, project] =
      Object.entries(graph.projects).find(([, { root: at }]) => input.startsWith(`${at}/`)) ?? [];
    if (name === undefined || project === undefined || input.endsWith('.spec.ts')) return true;
    if (name === app) return false;
    return !reached.has(name) || !project.tags.some((tag) => libTags.has(tag));
  });
}

/** The packages that the build takes in (ADR 1). */
const bundledOnPurpose = /(^|\/)node_modules\/(typebox|yaml)\//;

const libTags = new Set(['core', 'module', 'transport', 'store', 'client'].map((kind) => `type:${kind}`));

function readInputs(root: string, app: string): string[] {
  return JSON.parse(readFileSync(join(root, 'dist/apps', app, 'inputs.json'), 'utf8')) as string[];
}

function reachable(app: string, { imports }: ProjectGraph): Set<string> {
  const found = new Set([app]);
  for (const name of found) for (const imported of imports[name] ?? []) found.add(imported);
  return found;
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
