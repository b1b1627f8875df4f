import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { type Server as HttpsServer } from 'node:https';
import { type ServerConfig } from '@facet/config';
import { type GatewayLog } from '@facet/management';

type TlsFiles = NonNullable<ServerConfig['tls']>;

const pollMs = 5000;

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: 'TLSv1.2';
}

/** @throws when a file can't be read */
export function tlsMaterial({ certFile, keyFile }: TlsFiles): TlsMaterial {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: 'TLSv1.2' };
}

/** Reloads by itself when a file changes. */
export interface TlsReload {
  reload(): void;
  stop(): void;
}

/**
 * Takes over a renewed certificate without a restart: connections that are open keep the old one. A pair that does not
 * fit leaves the last good one in place and says so.
 */
export function reloadTls(server: HttpsServer, files: TlsFiles, log: GatewayLog): TlsReload {
  const reload = (): void => {
    try {
      server.setSecureContext(tlsMaterial(files));
      log.info('certificate reloaded', { name: files.certFile });
    } catch (error) {
      log.error('certificate not reloaded', { name: files.certFile, error });
    }
  };
  const watched = [files.certFile, files.keyFile];
  for (const file of watched) watchFile(file, { interval: pollMs, persistent: false }, reload);
  const stop = (): void => {
    for (const file of watched) unwatchFile(file, reload);
  };
  return { reload, stop };
}
