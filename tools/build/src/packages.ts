import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { type Metafile } from 'esbuild';
import { workspaceRoot } from './bundle.ts';

/** Names of the npm packages that a bundle imports, sorted. */
export function importedPackages(metafile: Metafile): string[] {
  const names = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .filter((imported) => imported.external && !isBuiltin(imported.path))
    .map((imported) => packageName(imported.path));
  return [...new Set(names)].sort();
}

/** `package.json` of a built app: only what it imports, in the versions that the workspace was tested with. */
export function prunedManifest(app: string, packages: readonly string[]): Record<string, unknown> {
  const { version } = readManifest(join(workspaceRoot, 'apps', app));
  const { engines, license } = readManifest(workspaceRoot);
  return {
    name: app,
    version,
    private: true,
    license,
    type: 'module',
    main: 'main.js',
    engines,
    // Room for what waits under overload to end young: copying it twice would cost a tenth of the answers (ADR 8).
    scripts: { start: 'node --max-semi-space-size=64 main.js' },
    // Machines with an older Node get the right one; images leave it out with --omit=optional.
    optionalDependencies: { node: installedVersion('node') },
    allowScripts: { node: true },
    dependencies: Object.fromEntries(withPeers(packages).map((name) => [name, installedVersion(name)])),
  };
}

interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly engines?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function installedVersion(name: string): string {
  return readManifest(join(workspaceRoot, 'node_modules', name)).version;
}

/** Required peers are named too: what is pinned here can't be resolved to another version there. */
function withPeers(packages: readonly string[]): string[] {
  const all = new Set(packages);
  for (const name of all) {
    const { peerDependencies = {}, peerDependenciesMeta = {} } = readManifest(
      join(workspaceRoot, 'node_modules', name),
    );
    for (const peer of Object.keys(peerDependencies)) {
      if (!peerDependenciesMeta[peer]?.optional) all.add(peer);
    }
  }
  return [...all].sort();
}

function packageName(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}
