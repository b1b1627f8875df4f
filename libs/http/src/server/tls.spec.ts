import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway } from '@facet/testing/http';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { type Gateway } from '../index.ts';
import * as http from '../index.ts';
import { reloadTls } from './tls.ts';
import { RecordingLog } from '@facet/testing/http';
import { type FastifyInstance } from 'fastify';
import { type Server } from 'node:https';

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-tls-'));
  const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  let gateway: Gateway | undefined;
  beforeAll(() => makePair('first'));
  afterEach(() => gateway?.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  function makePair(name: string): void {
    const settings = `-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${name}`;
    const files = ['-keyout', tls.keyFile, '-out', tls.certFile];
    execFileSync('openssl', ['req', ...settings.split(' '), ...files], { stdio: 'pipe' });
  }

  async function start(): Promise<string> {
    ({ gateway } = await startTestGateway(http, [], { config: { server: { tls } } }));
    return gateway.url;
  }

  function peerName(url: string, protocol = 'http/1.1'): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const socket = connect(
        {
          port: Number(new URL(url).port),
          host: '127.0.0.1',
          rejectUnauthorized: false,
          ALPNProtocols: [protocol],
        },
        () => {
          expect(socket.alpnProtocol).toBe(protocol);
          resolve(socket.getPeerCertificate().subject.CN);
          socket.destroy();
        },
      );
      socket.on('error', reject);
    });
  }

  it('serves HTTPS and tells clients to stay with it', async () => {
    const url = await start();
    expect(url).toMatch(/^https:/);
    const agent = new Agent({ rejectUnauthorized: false });
    const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
      get(`${url}/health`, { agent }, (response) => resolve(response.resume().headers)).on('error', reject);
    });
    agent.destroy();
    expect(headers['strict-transport-security']).toMatch(/^max-age=31536000/);
  });

  it('takes over a renewed pair and keeps the good one when the new one does not fit', async () => {
    const url = await start();
    const instance = gateway?.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const log = new RecordingLog();
    const watcher = reloadTls(instance.server as unknown as Server, tls, log);
    watcher.stop();
    expect(await peerName(url)).toBe('first');
    makePair('second');
    watcher.reload();
    expect(await peerName(url)).toBe('second');
    expect(await peerName(url, 'h2')).toBe('second');
    writeFileSync(tls.keyFile, 'no key');
    watcher.reload();
    expect(await peerName(url)).toBe('second');
    expect(log.of('certificate not reloaded')).toHaveLength(1);
    makePair('first');
  });

  it('does not start without the files', async () => {
    const missing = { certFile: '/nonexistent', keyFile: '/nonexistent' };
    await expect(startTestGateway(http, [], { config: { server: { tls: missing } } })).rejects.toThrow(
      /ENOENT/,
    );
  });
});
