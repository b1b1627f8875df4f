import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Step } from './steps.ts';

const workspaceRoot = join(import.meta.dirname, '../../..');

export interface StepResult {
  readonly step: Step;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly output: string;
  /** Test files with a failure, absolute paths; none where the step is not Jest. */
  readonly failedFiles: readonly string[];
}

/** Runs one step to its end, whatever it is; its output is kept and shown by the caller. */
export async function runStep(step: Step): Promise<StepResult> {
  if (step.report) rmSync(join(workspaceRoot, step.report), { force: true });
  const started = performance.now();
  const { code, output } = await execute(step);
  const seconds = (performance.now() - started) / 1000;
  const report = step.report === undefined ? undefined : readReport(step.report);
  const failedFiles = report?.testResults.filter(({ status }) => status === 'failed') ?? [];
  return {
    step,
    seconds,
    output,
    failedFiles: failedFiles.map(({ name }) => name),
    ...counts(step, code, report),
  };
}

function execute(step: Step): Promise<{ code: number; output: string }> {
  const [command, ...args] = step.command;
  const bin = join(workspaceRoot, 'node_modules/.bin');
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(join(bin, command), args, {
      cwd: workspaceRoot,
      env: {
        ...process.env,
        FORCE_COLOR: '0',
        ...step.env,
        PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    }
    child.once('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

/** A Jest step counts its tests; any other step is one check. A suite that did not even load is a failure. */
function counts(
  step: Step,
  code: number,
  report: JestReport | undefined,
): { passed: number; failed: number; skipped: number } {
  if (!step.report)
    return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const unexplained = code !== 0 && report.numFailedTests === 0 ? Math.max(1, report.numFailedTestSuites) : 0;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unexplained,
    skipped: report.numPendingTests,
  };
}

function readReport(path: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(join(workspaceRoot, path), 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}
