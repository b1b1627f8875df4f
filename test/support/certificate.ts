import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Writes a self-signed certificate for a name and its key into a folder, over those that are there. */
export function writeCertificate(folder: string, name = 'localhost'): CertificateFiles {
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const settings = `-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=${name}`;
  execFileSync('openssl', ['req', ...settings.split(' '), '-keyout', files.keyFile, '-out', files.certFile], {
    stdio: 'pipe',
  });
  return files;
}
