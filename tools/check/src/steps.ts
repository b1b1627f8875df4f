/** One check: a command and the Jest report it leaves, when it is Jest. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Where Jest writes its JSON report. */
  readonly report?: string;
  /**
   * Its test files share the machine, with one another or with the processes they start: one that fails is judged by a
   * second run in which it has as much of the machine as there is.
   */
  readonly sharesMachine?: boolean;
}

/** Steps of one stage run side by side (two cores are usual); the next stage begins when all have ended. */
export type Stage = readonly Step[];

export const reportFolder = '.cache/check';

const noDaemon = { NX_DAEMON: 'false' };
const modules = { NODE_OPTIONS: '--experimental-vm-modules --no-warnings=ExperimentalWarning' };

const format: Step = { name: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] };
const types: Step = { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] };
/** The boundary rule reads the project graph from Nx's cache: it is made first. */
const graph: Step = { name: 'graph', command: ['nx', 'graph', '--file=.cache/graph.json'], env: noDaemon };
const lint: Step = { name: 'lint', command: ['eslint', '.', '--max-warnings=0'], env: noDaemon };
const build: Step = {
  name: 'build',
  command: ['nx', 'run-many', '-t', 'build', '--parallel=2', '--outputStyle=static'],
  env: noDaemon,
};

function jest(projects: readonly string[], workers = 2): Step {
  const report = `${reportFolder}/${projects.join('-')}.json`;
  return {
    name: projects.join(', '),
    command: [
      'jest',
      `--maxWorkers=${workers}`,
      '--json',
      `--outputFile=${report}`,
      '--selectProjects',
      ...projects,
    ],
    env: modules,
    report,
    sharesMachine: true,
  };
}

/** The same step for these test files only, one after the other. */
export function alone(step: Step, files: readonly string[]): Step {
  const [command, ...args] = step.command;
  const others = args.filter((arg) => !arg.startsWith('--maxWorkers'));
  return {
    ...step,
    name: `${step.name}, again alone`,
    // Paths first: `--selectProjects` takes every word behind it.
    command: [command, ...files, '--runInBand', ...others],
    sharesMachine: false,
  };
}

/** `fast` needs no build and no other process; `all` is what decides. */
export const plans: Readonly<Record<string, readonly Stage[]>> = {
  fast: [[format, types], [graph], [lint, jest(['unit'])]],
  all: [
    [format, types],
    [graph],
    [lint, build, jest(['unit'])],
    // These wait a tenth of their time for something: a third one fills the gaps of two.
    [jest(['e2e', 'chaos', 'security', 'conformance'], 3)],
    // Alone: three gateways, a balancer and Redis that must not starve one another of the processor.
    [jest(['fleet'], 1)],
  ],
};
