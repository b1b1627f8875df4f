import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { checksMissing, helmPath, importCheck } from '../support/deploy-checks.ts';
import { workspaceRoot } from '../support/workspace-copy.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- manifests of every kind are looked into
type Manifest = Record<string, any>;

const apps = [
  ['gateway-web', 3000, 9100],
  ['gateway-mobile', 3001, 9101],
  ['gateway-admin', 3002, 9102],
] as const;
const checked = checksMissing === undefined ? describe : describe.skip;
const copy = mkdtempSync(join(tmpdir(), 'facet-charts-'));
const example = join(copy, 'tools/deploy/charts/example-values.yaml');

function helm(path: string, ...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(path, args, { encoding: 'utf8' });
  return { status, output: status === 0 ? stdout : stderr };
}

checked(checksMissing === undefined ? 'the charts' : `the charts (skipped: ${checksMissing})`, () => {
  let path: string;
  beforeAll(async () => {
    path = await helmPath();
    cpSync(join(workspaceRoot, 'tools/deploy/charts'), join(copy, 'tools/deploy/charts'), {
      recursive: true,
    });
    for (const [app] of apps) {
      const chart = join(copy, 'apps', app, 'chart');
      cpSync(join(workspaceRoot, 'apps', app, 'chart'), chart, { recursive: true });
      rmSync(join(chart, 'charts'), { recursive: true, force: true });
      expect(helm(path, 'dependency', 'build', chart).status).toBe(0);
    }
  }, 60_000);
  afterAll(() => rmSync(copy, { recursive: true }));

  const render = (app: string, ...settings: string[]): { status: number | null; output: string } =>
    helm(path, 'template', app, join(copy, 'apps', app, 'chart'), '-f', example, ...settings);
  const manifestsOf = (app: string, ...settings: string[]): Manifest[] => {
    const { status, output } = render(app, ...settings);
    expect([status, status === 0 ? '' : output]).toEqual([0, '']);
    // Kubernetes reads YAML 1.1.
    return parseAllDocuments(output, { version: '1.1' }).flatMap((document) => {
      const manifest = document.toJS() as Manifest | null;
      return manifest === null ? [] : [manifest];
    });
  };
  const ofKind = (manifests: Manifest[], kind: string): Manifest => {
    const found = manifests.find((manifest) => manifest['kind'] === kind);
    if (found === undefined) throw new Error(`no ${kind}`);
    return found;
  };
  /** Everything that can be switched on. */
  const all = [
    '--set',
    'tls.secretName=tls',
    '--set',
    'tiers.free.rate=50/m',
    '--set-json',
    'routes={"routes":[]}',
  ];

  describe.each(apps)('of %s', (app, port, managementPort) => {
    it('pass Helm’s linter', () => {
      const { status, output } = helm(
        path,
        'lint',
        '--strict',
        join(copy, 'apps', app, 'chart'),
        '-f',
        example,
      );
      expect([status, status === 0 ? '' : output]).toEqual([0, '']);
    });

    it('render manifests that fit Kubernetes’ schemas', async () => {
      for (const manifest of [...manifestsOf(app), ...manifestsOf(app, ...all)]) {
        expect(await faultOf(manifest)).toBeUndefined();
      }
    });

    it('runs three instances without rights, and replaces them without a gap', () => {
      const manifests = manifestsOf(app);
      const { spec } = ofKind(manifests, 'Deployment');
      expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
      expect(spec.replicas).toBeUndefined();
      expect(ofKind(manifests, 'HorizontalPodAutoscaler')['spec'].minReplicas).toBe(3);
      expect(ofKind(manifests, 'PodDisruptionBudget')['spec'].maxUnavailable).toBe(1);
      const pod = spec.template.spec;
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(pod.automountServiceAccountToken).toBe(false);
      const [container] = pod.containers;
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits).toEqual({ memory: '768Mi' });
      const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map(
        (name) => container[name].httpGet,
      );
      const probe = (what: string): unknown => ({ path: `/health/${what}`, port: 'management' });
      expect(probes).toEqual([probe('live'), probe('live'), probe('ready')]);
    });

    it('gives clients the public port and monitoring the other one', () => {
      const manifests = manifestsOf(app);
      const [container] = ofKind(manifests, 'Deployment')['spec'].template.spec.containers;
      expect(container.ports).toEqual([
        { name: 'public', containerPort: port },
        { name: 'management', containerPort: managementPort },
      ]);
      expect(ofKind(manifests, 'Service')['spec'].ports.map((entry: Manifest) => entry['name'])).toEqual([
        'public',
      ]);
      const policy = ofKind(manifests, 'NetworkPolicy')['spec'];
      expect(policy.policyTypes).toEqual(['Ingress', 'Egress']);
      expect(policy.ingress.map((rule: Manifest) => rule['ports'])).toEqual([
        [{ port: 'public' }],
        [{ port: 'management' }],
      ]);
      expect(policy.ingress.every((rule: Manifest) => rule['from'].length > 0)).toBe(true);
      expect(ofKind(manifests, 'ServiceMonitor')['spec'].endpoints).toMatchObject([{ path: '/metrics' }]);
    });

    it('lets a pod live longer than its drain', () => {
      const pod = (...settings: string[]): Manifest =>
        ofKind(manifestsOf(app, ...settings), 'Deployment')['spec'].template.spec;
      expect(pod()['terminationGracePeriodSeconds']).toBe(26);
      expect(
        pod('--set', 'drain.delayMs=12000', '--set', 'drain.graceMs=30500')['terminationGracePeriodSeconds'],
      ).toBe(48);
    });

    it('starts new pods when what is read once has changed', () => {
      const annotation = (...settings: string[]): string =>
        ofKind(manifestsOf(app, ...settings), 'Deployment')['spec'].template.metadata.annotations[
          'facet/configuration'
        ];
      expect(annotation()).toBe(annotation('--set', 'replicas=5'));
      expect(annotation()).not.toBe(annotation('--set', 'env.LOG_LEVEL=debug'));
      expect(annotation()).not.toBe(annotation('--set', 'tiers.free.rate=50/m'));
    });
  });

  it.each([
    ['a variable that does not exist', 'env.UPSTREAM_ORDER_URL=http://orders'],
    ['a variable that the chart sets', 'env.PORT=3000'],
    ['any origin', 'env.CORS_ORIGINS=*'],
    ['a password outside a Secret', 'env.REDIS_URL=redis://:secret@redis:6379'],
    ['a privileged port', 'port=80'],
    ['a value nobody knows', 'replicaz=3'],
  ])('refuse %s', (_what, setting) => {
    const { status, output } = render('gateway-mobile', '--set', setting);
    expect(status).not.toBe(0);
    expect(output).toContain('schema');
  });
});

describe('the values of the charts', () => {
  interface Schema {
    properties: { env: { properties: object; patternProperties: object } };
  }
  const file = 'tools/deploy/charts/gateway-lib/app-values.schema.json';
  const { env } = (JSON.parse(readFileSync(join(workspaceRoot, file), 'utf8')) as Schema).properties;

  it('allow the variables of docs/configuration.md that neither the chart sets nor a Secret holds', () => {
    const table = readFileSync(join(workspaceRoot, 'docs/configuration.md'), 'utf8');
    const documented = [...table.matchAll(/^\| `([A-Z][A-Z_<>\d]+)`/gm)].map(([, name]) => name as string);
    const templates = join(workspaceRoot, 'tools/deploy/charts/gateway-lib/templates');
    const setByChart = readFileSync(join(templates, '_variables.tpl'), 'utf8');
    const expected = documented.filter(
      (name) => !setByChart.includes(`\n  ${name}: `) && name !== 'JWT_SECRET' && !name.includes('<'),
    );
    const ofNode = ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS'];
    expect(Object.keys(env.properties).sort()).toEqual([...expected, ...ofNode].sort());
  });

  it('have one schema, the same in every chart', () => {
    for (const [app] of apps) {
      const chart = join(workspaceRoot, 'apps', app, 'chart');
      expect(readdirSync(chart)).toContain('values.schema.json');
      expect(readFileSync(join(chart, 'values.schema.json'), 'utf8')).toBe(
        readFileSync(join(workspaceRoot, file), 'utf8'),
      );
    }
  });
});

/** What the schema of its kind has against a manifest. */
async function faultOf(manifest: Manifest): Promise<string | undefined> {
  const { apiVersion, kind } = manifest as { apiVersion: string; kind: string };
  const home = apiVersion.startsWith('monitoring.')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models';
  const models = await importCheck<Record<string, new (data: object) => { validate(): void }>>(
    `${home}/${apiVersion}/index.js`,
  );
  const Model = models[kind];
  if (Model === undefined) return `no schema of ${apiVersion} ${kind}`;
  try {
    new Model(manifest).validate();
    return undefined;
  } catch (error) {
    return `${kind}: ${(error as Error).message}`;
  }
}
