/** Runs the checks: `node tools/check/src/main.ts fast|all`. Ends with one line, `N passed, N failed, N skipped`. */
import { mkdirSync } from 'node:fs';
import { runStep, type StepResult } from './run-step.ts';
import { alone, plans, reportFolder } from './steps.ts';

const plan = plans[process.argv[2] ?? 'all'];
if (!plan) throw new Error(`usage: main.ts ${Object.keys(plans).join('|')}`);
mkdirSync(reportFolder, { recursive: true });

const results: StepResult[] = [];
for (const stage of plan) {
  results.push(
    ...(await Promise.all(
      stage.map(async (step) => {
        const result = await runStep(step);
        show(result);
        return result.failed > 0 && step.sharesMachine && result.failedFiles.length > 0
          ? judgedAlone(result)
          : result;
      }),
    )),
  );
}

const total = (pick: (result: StepResult) => number): number =>
  results.reduce((sum, result) => sum + pick(result), 0);
const failed = total((result) => result.failed);
console.log(
  `${total((result) => result.passed)} passed, ${failed} failed, ${total((result) => result.skipped)} skipped`,
);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * Two test files at once can starve each other's gateways of a small machine's processor. What fails beside others
 * gets one run alone, and that run decides; the first failure stays on the screen.
 */
async function judgedAlone(first: StepResult): Promise<StepResult> {
  const second = await runStep(alone(first.step, first.failedFiles));
  show(second);
  return { ...second, passed: first.passed + (first.failed - second.failed), skipped: first.skipped };
}

function show(result: StepResult): void {
  const { step, passed, skipped, seconds, output } = result;
  const mark = result.failed === 0 ? 'ok  ' : 'FAIL';
  console.log(
    `${mark} ${step.name} (${passed} passed, ${result.failed} failed, ${skipped} skipped, ${seconds.toFixed(1)} s)`,
  );
  if (result.failed > 0) console.log(output.trimEnd());
}
