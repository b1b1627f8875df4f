import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { transformFile } from '@swc/core';
import { type BuildOptions, type Plugin } from 'esbuild';

export const workspaceRoot = join(import.meta.dirname, '../../..');

/** The options that turn one app and the libs it imports into a single ES module; packages stay imports. */
export function appBundle(app: string, outfile: string): BuildOptions {
  const entry = join(workspaceRoot, 'apps', app, 'src/main.ts');
  if (!existsSync(entry)) throw new Error(`no such app: ${app} (${entry} is missing)`);
  return bundleOptions(entry, outfile);
}

/** The same for any entry file. */
export function bundleOptions(entry: string, outfile: string): BuildOptions {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    sourcemap: 'linked',
    metafile: true,
    logLevel: 'warning',
    absWorkingDir: workspaceRoot,
    plugins: [packagesStayOutside, compileWithSwc],
  };
}

/**
 * 450 small modules, of which a gateway uses a part: loading them one by one is a fifth of the start. The values are
 * where their ES modules are.
 */
export const bundledPackages: Readonly<Record<string, string>> = {
  typebox: 'typebox/build/index.mjs',
  yaml: 'yaml/browser/index.js',
};

/**
 * Own code (`./x.ts`, `@facet/x`) is bundled; what npm installs is not, so that it can be audited and updated, but for
 * the packages above.
 */
const packagesStayOutside: Plugin = {
  name: 'packages-stay-outside',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, path }) => {
      const bundled = bundledPackages[path];
      if (bundled !== undefined) return { path: join(workspaceRoot, 'node_modules', bundled) };
      return kind === 'entry-point' || path.startsWith('@facet/') ? undefined : { path, external: true };
    });
  },
};

/** esbuild knows no decorator metadata, which Nest's injector reads: swc compiles, esbuild bundles. */
const compileWithSwc: Plugin = {
  name: 'compile-with-swc',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async (args) => {
      const { code } = await transformFile(args.path, {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
        swcrc: false,
      });
      return { contents: code, loader: 'js' };
    });
  },
};
