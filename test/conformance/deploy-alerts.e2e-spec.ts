import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { workspaceRoot } from '../support/workspace-copy.ts';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

const folder = join(workspaceRoot, 'tools/deploy');
const { groups } = parse(readFileSync(join(folder, 'alerts.yaml'), 'utf8')) as {
  groups: { rules: Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const withPromtool = hasPromtool ? it : it.skip;
const unless = hasPromtool ? '' : ' (skipped: no promtool on the PATH)';

describe('the alerts', () => {
  it('ask only for metrics that the gateways have', () => {
    const sources = execFileSync('git', ['grep', '-hoE', "'gateway_[a-z_]+'", '--', 'libs', ':!*.spec.ts'], {
      cwd: workspaceRoot,
      encoding: 'utf8',
    });
    const declared = new Set(sources.split('\n').map((line) => line.replaceAll("'", '')));
    const asked = rules.flatMap(({ expr }) => [...expr.matchAll(/\bgateway_[a-z_]+/g)].map(([name]) => name));
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.map((name) => name.replace(/_bucket$/, '')).filter((name) => !declared.has(name))).toEqual(
      [],
    );
  });

  it.each(rules)('$alert says how bad it is, what is up, and what to do', ({ labels, annotations }) => {
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(annotations.summary.length).toBeGreaterThan(20);
    const [file, anchor] = annotations.runbook.split('#') as [string, string];
    const headings = readFileSync(join(workspaceRoot, file), 'utf8').matchAll(/^#+ (.+)$/gm);
    const anchors = [...headings].map(([, heading = '']) => heading.toLowerCase().replaceAll(' ', '-'));
    expect(anchors).toContain(anchor);
  });

  withPromtool(`fire and keep quiet as promtool expects${unless}`, () => {
    expect(spawnSync('promtool', ['check', 'rules', 'alerts.yaml'], { cwd: folder }).status).toBe(0);
    expect(spawnSync('promtool', ['test', 'rules', 'alerts.test.yaml'], { cwd: folder }).status).toBe(0);
  });
});
