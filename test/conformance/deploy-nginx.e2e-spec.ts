import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { workspaceRoot } from '../support/workspace-copy.ts';

const read = (file: string): string => readFileSync(join(workspaceRoot, 'tools/deploy', file), 'utf8');
const config = read('nginx/nginx.conf');
const hasNginx = spawnSync('nginx', ['-v']).status === 0;
const withNginx = hasNginx ? it : it.skip;
const unless = hasNginx ? '' : ' (skipped: no nginx on the PATH)';
const folder = mkdtempSync(join(tmpdir(), 'facet-nginx-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the shipped nginx configuration', () => {
  withNginx(`is one that nginx takes${unless}`, () => {
    // Names must resolve, the certificate and the log be there, for nginx to say that all else is well.
    const key = join(folder, 'facet.key');
    const certificate = join(folder, 'facet.crt');
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const args = ['req', '-x509', '-nodes', '-days', '1', '-subj', '/CN=localhost', ...curve];
    execFileSync('openssl', [...args, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    const local = config
      .replaceAll(/gateway-[a-z]+-[123]:/g, '127.0.0.1:')
      .replaceAll('/etc/nginx/certs/', `${folder}/`)
      .replaceAll('/dev/stdout', `${folder}/access.log`);
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, local);
    const { status, stderr } = spawnSync('nginx', ['-t', '-c', file, '-g', `pid ${folder}/pid;`], {
      encoding: 'utf8',
    });
    expect(stderr).toContain('test is successful');
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('[warn]')]);
  });

  it('knows the instances that HAProxy knows', () => {
    const instances = (text: string): string[] =>
      [...text.matchAll(/gateway-[a-z]+-[123]:\d+/g)].map(([name]) => name).sort();
    expect(instances(config)).toEqual(instances(read('haproxy/haproxy.cfg')));
    expect(instances(config)).toHaveLength(9);
  });

  it('replaces what clients say about themselves, holds nothing back, and repeats no answer', () => {
    for (const line of [
      'proxy_set_header Forwarded "";',
      'proxy_set_header X-Forwarded-For $remote_addr;',
      'proxy_set_header X-Forwarded-Proto $scheme;',
      'proxy_request_buffering off;',
      'proxy_buffering off;',
      'client_max_body_size 0;',
      'proxy_next_upstream error;',
    ]) {
      expect(config).toContain(line);
    }
    expect(config).not.toContain('non_idempotent;');
  });
});
