import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { type UpstreamTlsConfig } from '@facet/config';

/** What the files hold, in the words of `node:tls`. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/**
 * Makes something of the files now, and again when one of them has changed. Asking costs three looks at the file
 * system: it is done per connection, not per call. Files that can't be used leave what was made last in place.
 * @throws when they can't be used the first time
 */
export function renewed<T>(files: UpstreamTlsConfig, make: (material: TlsMaterial) => T): () => T {
  let version = versionOf(files);
  let made = make(materialOf(files));
  return () => {
    try {
      const current = versionOf(files);
      if (current === version) return made;
      version = current;
      made = make(materialOf(files));
    } catch {
      // A pair is replaced one file after the other: the second change is seen too.
    }
    return made;
  };
}

function materialOf({ caFile, certFile, keyFile }: UpstreamTlsConfig): TlsMaterial {
  const material: TlsMaterial = {
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
  };
  createSecureContext(material);
  return material;
}

function versionOf({ caFile, certFile, keyFile }: UpstreamTlsConfig): string {
  return [caFile, certFile, keyFile]
    .map((file) => {
      const stat = file === undefined ? undefined : statSync(file, { bigint: true, throwIfNoEntry: false });
      return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
    })
    .join();
}
