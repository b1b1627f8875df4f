import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { checksMissing, importCheck, runCheck } from '../support/deploy-checks.ts';
import { workspaceRoot } from '../support/workspace-copy.ts';

const read = (path: string): string => readFileSync(join(workspaceRoot, path), 'utf8');
const apps = [
  ['gateway-web', 3000, 9100],
  ['gateway-mobile', 3001, 9101],
  ['gateway-admin', 3002, 9102],
] as const;
const withTools = checksMissing === undefined ? it : it.skip;
const unless = checksMissing === undefined ? '' : ` (skipped: ${checksMissing})`;

describe.each(apps)('the image of %s', (app, port, managementPort) => {
  const dockerfile = read(`apps/${app}/Dockerfile`);
  const final = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));

  withTools(`passes a linter${unless}`, async () => {
    const { validate } = await importCheck<DockerfileUtils>('dockerfile-utils/lib/main.js');
    expect(validate(dockerfile)).toEqual([]);
    expect(validate('FORM node\nRUN x')).not.toEqual([]);
  });

  it('is the same recipe as its siblings’ but for its name and ports', () => {
    const general = (text: string): string =>
      text.replaceAll(/gateway-(?:web|mobile|admin)/g, 'gateway').replaceAll(/\b(?:300|910)[012]\b/g, 'port');
    expect(general(dockerfile)).toBe(general(read('apps/gateway-web/Dockerfile')));
    expect(final).toContain(`PORT=${port} MANAGEMENT_PORT=${managementPort}`);
    expect(final).toContain(`EXPOSE ${port}\n`);
  });

  it('is built on the Node that the tests run on', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: Record<string, string>;
    };
    expect(dockerfile).toContain(`ARG NODE=node:${devDependencies['node']}-`);
  });

  it('runs without rights, without what installs, and tells whether it lives', () => {
    expect(final).toMatch(/^USER 1000:1000$/m);
    expect(final).toMatch(/^STOPSIGNAL SIGTERM$/m);
    expect(final).toMatch(/rm -rf .*npm/);
    expect(final).toContain('/health/live');
    // Whoever runs it opens the management port, not the image.
    expect(final).not.toContain('MANAGEMENT_HOST');
    expect(dockerfile).toContain('npm ci --omit=dev --omit=optional');
  });

  it('sees no other app while it is built', () => {
    const lines = read(`apps/${app}/Dockerfile.dockerignore`)
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    expect(lines[0]).toBe('*');
    const seen = lines.filter((line) => line.startsWith('!apps'));
    expect(seen).toEqual([`!apps/${app}/package.json`, `!apps/${app}/src`]);
  });
});

/** What is used of the linter. */
interface DockerfileUtils {
  validate(content: string): unknown[];
}

interface ComposeService {
  image: string;
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  networks: string[] | Record<string, { ipv4_address?: string }>;
  healthcheck?: { test: string[] };
  read_only?: boolean;
  cap_drop?: string[];
}

describe('compose.yaml', () => {
  const compose = parse(read('tools/deploy/compose.yaml'), { merge: true }) as {
    services: Record<string, ComposeService>;
    networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } } | null>;
  };
  const services = Object.entries(compose.services);
  const gateways = services.filter(([name]) => name.startsWith('gateway-'));
  const networksOf = ({ networks }: ComposeService): string[] =>
    Array.isArray(networks) ? networks : Object.keys(networks);

  withTools(`passes Compose’s own schema and a linter${unless}`, () => {
    const settings = ['-c', 'tools/deploy/checks/dclint.json', '--max-warnings', '0'];
    const { status, stdout } = runCheck('dclint', ...settings, 'tools/deploy/compose.yaml');
    expect([status, stdout.trim()]).toEqual([0, '']);
  });

  it('has three instances of each gateway, as HAProxy knows them, and what they need', () => {
    const haproxy = read('tools/deploy/haproxy/haproxy.cfg');
    const known = [...haproxy.matchAll(/-(gateway-[a-z]+-[123]):/g)].map(([, name]) => name);
    expect(gateways.map(([name]) => name).sort()).toEqual(known.sort());
    expect(known).toHaveLength(9);
    const others = services.map(([name]) => name).filter((name) => !known.includes(name));
    expect(others.sort()).toEqual(['haproxy', 'redis', 'upstreams']);
    for (const [, { build }] of services) {
      if (build) expect(read(join('tools/deploy', build.context, build.dockerfile))).toContain('FROM');
    }
  });

  it('opens HAProxy to this machine and nothing else to anybody', () => {
    const open = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]));
    expect(open).toEqual([
      ['haproxy', '127.0.0.1:8080:8080'],
      ['haproxy', '127.0.0.1:8081:8081'],
    ]);
    for (const [name, service] of services) {
      if (name === 'haproxy') continue;
      for (const network of networksOf(service)) expect(compose.networks[network]?.internal).toBe(true);
    }
  });

  it('lets gateways believe HAProxy and no other address', () => {
    const { networks } = compose.services['haproxy'] as ComposeService;
    const address = (networks as Record<string, { ipv4_address?: string }>)['edge']?.ipv4_address;
    for (const [, { environment }] of gateways) expect(environment?.['TRUSTED_PROXIES']).toBe(address);
    expect(compose.networks['edge']?.ipam?.config[0]?.subnet).toBe('172.30.1.0/24');
    expect(address).toMatch(/^172\.30\.1\.\d+$/);
  });

  it('gives every container a health check and no more rights than it needs', () => {
    for (const [name, service] of services) {
      const image =
        service.build && read(join('tools/deploy', service.build.context, service.build.dockerfile));
      expect([name, service.healthcheck !== undefined || image?.includes('\nHEALTHCHECK ')]).toEqual([
        name,
        true,
      ]);
      expect([name, service.read_only, service.cap_drop]).toEqual([name, true, ['ALL']]);
    }
  });

  it('points every gateway at the dev stack, Redis and the dev keys', () => {
    const names = ['AUTH', 'ORDERS', 'PAYMENTS', 'SHIPPING', 'CATALOG', 'USERS'];
    for (const [, { environment = {}, volumes }] of gateways) {
      expect(names.map((name) => environment[`UPSTREAM_${name}_URL`])).toEqual(
        names.map((_, index) => `http://upstreams:400${index + 1}`),
      );
      expect(environment['REDIS_URL']).toBe('redis://redis:6379');
      expect(volumes).toEqual([`../upstreams/data/api-keys.json:${environment['API_KEYS_FILE']}:ro`]);
    }
  });
});
