import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gatewayEnv } from '@facet/testing/gateway';
import { type DevStack, startDevStack } from '@facet/tools-upstreams';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const dist = join(import.meta.dirname, '../../dist/apps');

let stack: DevStack;
beforeAll(async () => {
  stack = await startDevStack({ ports: 'ephemeral' });
});
afterAll(() => stack.stop());

describe.each(['web', 'mobile', 'admin'])(
  'the build folder of gateway-%s, alone in an empty place',
  (kind) => {
    const folder = mkdtempSync(join(tmpdir(), `facet-${kind}-`));
    let gateway: ChildProcess;
    let url: string;
    let stderr = '';

    beforeAll(async () => {
      cpSync(join(dist, `gateway-${kind}`), folder, { recursive: true });
      const omit = ['--omit=dev', '--omit=optional', '--ignore-scripts'];
      execFileSync('npm', ['ci', ...omit, '--prefer-offline', '--no-audit', '--no-fund'], {
        cwd: folder,
        stdio: 'pipe',
      });
      gateway = spawn(process.execPath, ['main.js'], {
        cwd: folder,
        env: { PORT: '0', MANAGEMENT_PORT: '0', ...gatewayEnv(stack.urls) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      gateway.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
      url = await readyUrl(gateway, () => stderr);
    }, 120_000);
    afterAll(() => {
      gateway?.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });

    it('serves', async () => {
      expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'healthy' });
      const orders = await fetch(`${url}/api/${kind}/orders`);
      expect(orders.status).toBe(401);
    });

    it('holds no package but those it was locked with', () => {
      expect(readdirSync(join(folder, 'node_modules'))).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(@facet|@swc|esbuild|jest|node|nx|typescript)$/)]),
      );
    });

    it('ends with exit code 0 on SIGTERM, having written nothing beside itself', async () => {
      const ended = once(gateway, 'exit');
      gateway.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      const built = readdirSync(join(dist, `gateway-${kind}`));
      expect(readdirSync(folder).sort()).toEqual([...built, 'node_modules'].sort());
    });
  },
);

/** Resolves when it says that it is ready. */
async function readyUrl(gateway: ChildProcess, stderr: () => string): Promise<string> {
  for await (const line of createInterface({ input: gateway.stdout ?? process.stdin })) {
    const entry = JSON.parse(line) as { url?: string; managementUrl?: string };
    if (entry.managementUrl !== undefined && entry.url !== undefined) {
      gateway.stdout?.resume();
      return new URL(entry.url).origin;
    }
  }
  throw new Error(`ended with ${gateway.exitCode} before it was ready:\n${stderr()}`);
}
