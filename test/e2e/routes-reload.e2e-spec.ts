import { HttpClient } from '@facet/testing/gateway';
import { json, ScriptedUpstream, when } from '@facet/testing/upstreams';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RouteGateway } from '../support/route-gateway.ts';

let upstream: ScriptedUpstream;
let gateway: RouteGateway;
let client: HttpClient;
let management: HttpClient;

/** A file whose one route is served with a number in the answer. */
function fileOf(number: number): string {
  return `
prefix: /api
routes:
  - id: numbered
    path: /numbered
    upstream: ${upstream.url}
    auth: public
    limits: off
    response: { headers: { set: { x-number: '${number}' } } }
`;
}
const badFile =
  'prefix: /api\nroutes:\n  - { id: numbered, path: /numbered, upstream: nobody, colour: red }\n';

beforeEach(async () => {
  upstream = await ScriptedUpstream.start(json({}));
  gateway = await RouteGateway.start({ file: fileOf(0) });
  client = new HttpClient(gateway.url);
  management = new HttpClient(gateway.managementUrl);
});
afterEach(async () => {
  await client.close();
  await management.close();
  await gateway[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

async function number(): Promise<string | undefined> {
  const answer = await client.get('/api/numbered');
  expect(answer.status).toBe(200);
  return answer.headers['x-number'] as string | undefined;
}

async function routesHealth(): Promise<{ state: string; details: { faults?: string[] } }> {
  return (await management.get('/health/ready')).json.checks.routes;
}

/** Asks, and asks again, until it is so: changes of a file are seen when the system tells of them. */
async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setImmediate(resolve));
}

describe('a ROUTES_FILE that changes', () => {
  it.each(['write', 'rename'] as const)('is taken when it is replaced by %s', async (by) => {
    gateway.replaceFile(fileOf(1), by);
    await until(async () => (await number()) === '1');
    gateway.replaceFile(fileOf(2), by);
    await until(async () => (await number()) === '2');
    expect((await routesHealth()).state).toBe('up');
    expect(gateway.log.filter(({ msg }) => msg === 'routes reloaded')).toHaveLength(2);
  });

  it('keeps the last good routes while it has faults, and says so everywhere', async () => {
    gateway.replaceFile(badFile);
    await until(async () => (await routesHealth()).state === 'degraded');
    const ready = await management.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.json.checks.routes.details.faults).toEqual([
      expect.stringMatching(/^routes\.yaml:3 route "numbered": auth is missing/),
      expect.stringMatching(/^routes\.yaml:3 route "numbered": unknown key "colour"/),
      expect.stringMatching(/^routes\.yaml:3 route "numbered": upstream "nobody"/),
    ]);
    expect(await number()).toBe('0');
    const metrics = await management.get('/metrics');
    expect(metrics.text).toMatch(/^gateway_routes_stale 1$/m);
    expect(metrics.text).toMatch(/^gateway_routes_reloads_total\{result="refused"\} 1$/m);
    const lines = gateway.log.filter(({ level }) => level === 'error');
    expect(lines.map(({ detail }) => detail)).toEqual(ready.json.checks.routes.details.faults);

    gateway.replaceFile(fileOf(3));
    await until(async () => (await number()) === '3');
    expect((await routesHealth()).state).toBe('up');
    expect((await management.get('/metrics')).text).toMatch(/^gateway_routes_stale 0$/m);
  });

  it('lets requests under way finish on the routes they began with', async () => {
    const opened = Promise.withResolvers<void>();
    upstream.next(when(opened.promise, json({})));
    const underWay = client.get('/api/numbered');
    await upstream.received(1);
    gateway.replaceFile('routes: []');
    await until(async () => (await client.get('/api/numbered')).status === 404);
    opened.resolve();
    expect((await underWay).headers['x-number']).toBe('0');
  });

  it('may name another upstream and another prefix', async () => {
    await using other = await ScriptedUpstream.start(json({ other: true }));
    gateway.replaceFile(fileOf(1).replace(upstream.url, other.url).replace('/api', "''"));
    await until(async () => (await client.get('/numbered')).status === 200);
    expect((await client.get('/numbered')).json).toEqual({ other: true });
    expect((await client.get('/api/numbered')).status).toBe(404);
  });

  it('ends an upstream that it names no more, after the last request to it', async () => {
    const opened = Promise.withResolvers<void>();
    upstream.next(when(opened.promise, json({ old: true })));
    const underWay = client.get('/api/numbered');
    await upstream.received(1);
    await using other = await ScriptedUpstream.start(json({ other: true }));
    gateway.replaceFile(fileOf(1).replace(upstream.url, other.url));
    await until(async () => (await number()) === '1');
    const upstreams = async (): Promise<string[]> =>
      Object.keys((await management.get('/health/deps')).json.checks as object);
    expect(await upstreams()).toEqual(['route-numbered', 'route-numbered-2']);
    opened.resolve();
    expect((await underWay).json).toEqual({ old: true });
    await until(async () => (await upstreams()).length === 1);
    expect(await upstreams()).toEqual(['route-numbered-2']);
    const { text } = await management.get('/metrics');
    expect(text).not.toContain('upstream="route-numbered"');
    expect(text).toContain('upstream="route-numbered-2"');
    // And back.
    gateway.replaceFile(fileOf(2));
    await until(async () => (await number()) === '2');
    expect(await upstreams()).toContain('route-numbered');
  });

  it('is listed for operators in the order it is asked', async () => {
    expect((await management.get('/routes')).text).toMatch(/^#[^]*\n1 +\* +\/api\/numbered +\* +http/);
  });

  it('fails no request in 50 changes under load, faults included', async () => {
    let asked = 0;
    let isOver = false;
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        await number();
        asked++;
      }
    });
    for (let change = 1; change <= 50; change++) {
      const isBad = change % 5 === 0;
      gateway.replaceFile(isBad ? badFile : fileOf(change), change % 2 === 0 ? 'rename' : 'write');
      await until(async () =>
        isBad ? (await routesHealth()).state === 'degraded' : (await number()) === String(change),
      );
    }
    isOver = true;
    await Promise.all(load);
    expect(asked).toBeGreaterThan(50);
    expect((await management.get('/metrics')).text).toMatch(
      /^gateway_routes_reloads_total\{result="taken"\} 40$/m,
    );
  });
});

describe('a start', () => {
  it('fails with every fault of the file', async () => {
    await expect(RouteGateway.start({ file: badFile })).rejects.toMatchObject({
      faults: [
        expect.stringContaining('auth is missing'),
        expect.stringContaining('unknown key "colour"'),
        expect.stringContaining('upstream "nobody"'),
      ],
    });
  });

  it('fails when the file is not there', async () => {
    await expect(
      RouteGateway.start({ config: { routesFile: '/nowhere/routes.yaml' } }),
    ).rejects.toMatchObject({ faults: ["ROUTES_FILE names a file that can't be read (ENOENT)"] });
  });

  it('mounts nothing without routes', async () => {
    await using bare = await RouteGateway.start({});
    const bareClient = new HttpClient(bare.url);
    expect((await bareClient.get('/anything')).status).toBe(404);
    await bareClient.close();
  });
});
