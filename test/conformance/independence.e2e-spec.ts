import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { foreignInputs, projectGraph } from '../support/bundle-inputs.ts';
import { copyWorkspace, type WorkspaceCopy, workspaceRoot } from '../support/workspace-copy.ts';

const apps = ['gateway-admin', 'gateway-mobile', 'gateway-web'] as const;
/** As .github/workflows/ci.yml asks; the first test holds the two together. */
const shipsWhat = ['show', 'projects', '--affected', '--withTarget=build', '--json'];

function shippedFor(file: string): string[] {
  const nx = join(workspaceRoot, 'node_modules/.bin/nx');
  const env = { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' };
  const output = execFileSync(nx, [...shipsWhat, `--files=${file}`], {
    cwd: workspaceRoot,
    env,
    encoding: 'utf8',
  });
  return (JSON.parse(output) as string[]).sort();
}

describe('what a change ships', () => {
  it('is asked in CI as it is asked here', () => {
    const workflow = readFileSync(join(workspaceRoot, '.github/workflows/ci.yml'), 'utf8');
    expect(workflow).toContain(`nx ${shipsWhat.join(' ')} --base="$base" --head=HEAD`);
  });

  it.each([
    ['apps/gateway-mobile/src/app.module.ts', ['gateway-mobile']],
    ['apps/gateway-admin/chart/values.yaml', ['gateway-admin']],
    ['libs/upstreams/payments/src/index.ts', ['gateway-mobile', 'gateway-web']],
    ['libs/http/src/index.ts', apps],
    ['tools/build/src/build.ts', apps],
    ['tools/deploy/charts/gateway-lib/values.yaml', apps],
    ['tools/upstreams/src/main.ts', []],
    ['docs/errors.md', []],
  ])('is for %s: %j', (file, expected) => {
    expect(existsSync(join(workspaceRoot, file))).toBe(true);
    expect(shippedFor(file)).toEqual(expected);
  });
});

describe('in a copy of the workspace', () => {
  let copy: WorkspaceCopy;
  beforeAll(() => {
    copy = copyWorkspace();
  });
  afterAll(() => copy.remove());
  const shippedByLastCommit = (): string[] =>
    (JSON.parse(copy.run('nx', ...shipsWhat, '--base=HEAD~1', '--head=HEAD')) as string[]).sort();

  it('a change in a lib that only the mobile gateway imports ships only the mobile gateway', () => {
    addMobileLib(copy);
    copy.commit('Add a lib for phones');
    appendFileSync(join(copy.root, 'libs/haptics/src/index.ts'), 'export const long = 2;\n');
    copy.commit('Change it');
    expect(shippedByLastCommit()).toEqual(['gateway-mobile']);
  });

  it('an update of a package ships only the gateways that reach it', () => {
    const lockfile = join(copy.root, 'package-lock.json');
    const original = readFileSync(lockfile, 'utf8');
    const update = (name: string): string[] => {
      const lock = JSON.parse(original) as { packages: Record<string, { version: string }> };
      const entry = lock.packages[`node_modules/${name}`];
      if (entry === undefined) throw new Error(`${name} is not locked`);
      entry.version = '999.0.0';
      writeFileSync(lockfile, JSON.stringify(lock));
      copy.commit(`Update ${name}`);
      const shipped = shippedByLastCommit();
      copy.run('git', 'reset', '-q', '--hard', 'HEAD~1');
      return shipped;
    };
    expect(update('prettier')).toEqual([]);
    expect(update('fastify')).toEqual(apps);
  });

  it('a release gives one app its version, changelog and tag, and ships that app alone', () => {
    mkdirSync(join(copy.root, '.nx/version-plans'), { recursive: true });
    writeFileSync(
      join(copy.root, '.nx/version-plans/haptics.md'),
      '---\ngateway-mobile: minor\n---\n\nPhones buzz.\n',
    );
    copy.commit('Plan a version');
    const versions = (): string[] => apps.map((app) => versionOf(copy, app));
    const [admin, mobile, web] = versions();
    copy.run('nx', 'release', '--skip-publish');
    const [, released] = versions();
    expect(released).not.toBe(mobile);
    expect(versions()).toEqual([admin, released, web]);
    expect(copy.run('git', 'tag').trim().split('\n')).toEqual([`gateway-mobile@${released}`]);
    expect(readFileSync(join(copy.root, 'apps/gateway-mobile/CHANGELOG.md'), 'utf8')).toContain(
      'Phones buzz.',
    );
    expect(existsSync(join(copy.root, 'apps/gateway-web/CHANGELOG.md'))).toBe(false);
    expect(shippedByLastCommit()).toEqual(['gateway-mobile']);
  });

  it('a bundle that took another app in is found out', () => {
    const stolen = '../../gateway-web/src/config.ts';
    appendFileSync(
      join(copy.root, 'apps/gateway-mobile/src/config.ts'),
      `export * as stolen from '${stolen}';\n`,
    );
    copy.run('node', 'tools/build/src/build.ts', 'gateway-mobile');
    const graph = projectGraph(copy.root);
    expect(foreignInputs(copy.root, 'gateway-mobile', graph)).toEqual(['apps/gateway-web/src/config.ts']);
  });
});

describe.each(apps)('the bundle of %s', (app) => {
  const graph = projectGraph(workspaceRoot);

  it('holds its own code, the libs it imports, and nothing else', () => {
    expect(foreignInputs(workspaceRoot, app, graph)).toEqual([]);
  });

  it('would be found out with a lib that it does not import, a test double or a tool', () => {
    const strangers = [
      'libs/haptics/src/index.ts',
      'libs/testing/src/fake-clock.ts',
      'tools/upstreams/src/main.ts',
    ];
    expect(foreignInputs(workspaceRoot, app, graph, strangers)).toEqual(strangers);
  });
});

it('the admin bundle would be found out with the payments client, which it does not import', () => {
  const stranger = 'libs/upstreams/payments/src/index.ts';
  const graph = projectGraph(workspaceRoot);
  expect(foreignInputs(workspaceRoot, 'gateway-admin', graph, [stranger])).toEqual([stranger]);
  expect(foreignInputs(workspaceRoot, 'gateway-web', graph, [stranger])).toEqual([]);
});

function addMobileLib({ root }: WorkspaceCopy): void {
  const folder = join(root, 'libs/haptics');
  mkdirSync(join(folder, 'src'), { recursive: true });
  const nx = { name: 'haptics', tags: ['type:core', 'scope:mobile'] };
  const manifest = {
    name: '@facet/haptics',
    version: '0.1.0',
    private: true,
    type: 'module',
    exports: './src/index.ts',
    nx,
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'src/index.ts'), 'export const short = 1;\n');
  symlinkSync(folder, join(root, 'node_modules/@facet/haptics'));
  writeFileSync(
    join(root, 'apps/gateway-mobile/src/buzz.ts'),
    "import { short } from '@facet/haptics';\nexport const buzz = short;\n",
  );
}

function versionOf({ root }: WorkspaceCopy, app: string): string {
  const manifest = readFileSync(join(root, 'apps', app, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
