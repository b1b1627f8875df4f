import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RouteDeclaration } from '@facet/routes';
import { writeCertificate } from './certificate.ts';
import { ChaosRig } from './chaos-rig.ts';

/** A built gateway with a certificate of its own before one scripted upstream, `/pass/*` leading there. */
export async function startTlsRig(
  env: Readonly<Record<string, string>> = {},
  routes: readonly (Pick<RouteDeclaration, 'id' | 'path' | 'upstream'> & Partial<RouteDeclaration>)[] = [],
): Promise<ChaosRig<'orders'>> {
  const folder = mkdtempSync(join(tmpdir(), 'facet-tls-'));
  try {
    const { certFile, keyFile } = writeCertificate(folder);
    return await ChaosRig.start({
      scripted: ['orders'],
      routes: [{ id: 'pass', path: '/pass/*', upstream: 'orders', bodyLimitBytes: 'none' }, ...routes],
      env: { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, ...env },
    });
  } finally {
    // They have been read.
    rmSync(folder, { recursive: true });
  }
}
