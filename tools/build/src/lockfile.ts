import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from './bundle.ts';

interface LockedPackage {
  readonly version?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}
type LockedPackages = Record<string, LockedPackage>;

/**
 * The workspace's lockfile cut down to what a manifest reaches, so that `npm ci` installs the very versions that were
 * tested. Folders stay where they are in the workspace: a nested `node_modules` remains nested.
 */
export function prunedLockfile(manifest: Record<string, unknown>): string {
  const lock = JSON.parse(readFileSync(join(workspaceRoot, 'package-lock.json'), 'utf8')) as {
    packages: LockedPackages;
  };
  const kept: LockedPackages = {};
  keep(lock.packages, kept, manifest['dependencies'], false);
  keep(lock.packages, kept, manifest['optionalDependencies'], true);
  const { name, version, dependencies, optionalDependencies, engines, license } = manifest;
  const root = { name, version, license, dependencies, optionalDependencies, engines };
  const packages = {
    '': root,
    ...Object.fromEntries(Object.entries(kept).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  return `${JSON.stringify({ name, version, lockfileVersion: 3, requires: true, packages }, null, 2)}\n`;
}

/** Adds what `roots` reach to `kept`; what is there already stays as it is. */
function keep(all: LockedPackages, kept: LockedPackages, roots: unknown, optional: boolean): void {
  const queue = Object.keys((roots ?? {}) as object).map((name) => ({ name, from: '' }));
  for (let next = queue.pop(); next; next = queue.pop()) {
    const location = resolve(all, next.name, next.from);
    const entry = location === undefined ? undefined : all[location];
    if (location === undefined || entry === undefined || kept[location]) continue;
    kept[location] = { ...runtimeEntry(entry), ...(optional ? { optional } : {}) };
    for (const name of runtimeDependencies(entry)) queue.push({ name, from: location });
  }
}

function runtimeDependencies(entry: LockedPackage): string[] {
  const peers = Object.keys(entry.peerDependencies ?? {}).filter(
    (peer) => !entry.peerDependenciesMeta?.[peer]?.optional,
  );
  return [
    ...Object.keys(entry.dependencies ?? {}),
    ...Object.keys(entry.optionalDependencies ?? {}),
    ...peers,
  ];
}

/** In the workspace a package may be marked as only wanted for development; here it is wanted. */
function runtimeEntry(entry: LockedPackage): LockedPackage {
  const {
    dev: _dev,
    devOptional: _devOptional,
    peer: _peer,
    ...rest
  } = entry as LockedPackage & Record<string, unknown>;
  return rest;
}

/** Node's own look-up: the nearest `node_modules` on the way up. */
function resolve(packages: LockedPackages, name: string, from: string): string | undefined {
  for (let folder = from; ;) {
    const location = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[location]) return location;
    if (folder === '') return undefined;
    const parent = folder.lastIndexOf('/node_modules/');
    folder = parent === -1 ? '' : folder.slice(0, parent);
  }
}
