import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

export const workspaceRoot = join(import.meta.dirname, '../..');

const author = { name: 'Facet', email: 'facet@example.invalid' };

/** The workspace in a folder and a repository of its own, to be changed and committed at will. */
export interface WorkspaceCopy {
  readonly root: string;
  /** Commits everything; what `git diff HEAD~1` then shows is what changed since the last one. */
  commit(message: string): void;
  /** Runs one of the workspace's commands, `nx` or `node`, and answers what it printed. */
  run(command: 'nx' | 'node' | 'git', ...args: string[]): string;
  remove(): void;
}

/** Copies what git would commit, and links the installed packages. */
export function copyWorkspace(): WorkspaceCopy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'facet-workspace-')));
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: workspaceRoot });
  for (const file of new Set(files.toString().split('\0'))) {
    if (file !== '') copyFile(file, root);
  }
  linkPackages(root);
  const run: WorkspaceCopy['run'] = (command, ...args) => runIn(root, command, args);
  const commit = (message: string): void => {
    run('git', 'add', '-A');
    run('git', 'commit', '-q', '-m', message);
  };
  run('git', 'init', '-q', '-b', 'main');
  commit('Copy the workspace');
  return { root, commit, run, remove: () => rmSync(root, { recursive: true, force: true }) };
}

function copyFile(file: string, root: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  try {
    cpSync(join(workspaceRoot, file), join(root, file), { verbatimSymlinks: true });
  } catch (error) {
    // Deleted but not committed yet.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Packages are shared, workspace libs are the copy's own. */
function linkPackages(root: string): void {
  const installed = join(workspaceRoot, 'node_modules');
  mkdirSync(join(root, 'node_modules/@facet'), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (name !== '@facet') symlinkSync(join(installed, name), join(root, 'node_modules', name));
  }
  for (const name of readdirSync(join(installed, '@facet'))) {
    const folder = relative(workspaceRoot, realpathSync(join(installed, '@facet', name)));
    symlinkSync(join(root, folder), join(root, 'node_modules/@facet', name));
  }
}

function runIn(root: string, command: string, args: readonly string[]): string {
  const file = { nx: join(root, 'node_modules/.bin/nx'), node: process.execPath, git: 'git' }[command];
  return execFileSync(file ?? command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      HOME: process.env['HOME'],
      NX_DAEMON: 'false',
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
    },
  });
}
