import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { unreadable } from './data-file.ts';
import { type EnvReader } from './env-reader.ts';

/** Names of variables that name PEM files. */
interface PairVariables {
  readonly cert: string;
  readonly key: string;
}

/** A certificate chain and its key: both, and fitting one another, or neither. */
export function readPair(
  reader: EnvReader,
  { cert, key }: PairVariables,
): { readonly certFile: string; readonly keyFile: string } | undefined {
  const [certFile, keyFile] = [reader.raw(cert), reader.raw(key)];
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined) reader.fault(cert, `is missing (${key} is set)`);
  if (keyFile === undefined) reader.fault(key, `is missing (${cert} is set)`);
  if (certFile === undefined || keyFile === undefined) return undefined;
  const [chain, secret] = [content(reader, cert, certFile), content(reader, key, keyFile)];
  if (chain && secret) {
    check(reader, cert, { cert: chain, key: secret }, `and ${key} are no PEM certificate and its key`);
  }
  return { certFile, keyFile };
}

/** Certificates of authorities. */
export function readAuthorities(reader: EnvReader, name: string): string | undefined {
  const file = reader.raw(name);
  const ca = file === undefined ? undefined : content(reader, name, file);
  if (ca) check(reader, name, { ca }, 'holds no PEM certificates');
  return file;
}

function content(reader: EnvReader, name: string, file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    reader.fault(name, unreadable(error));
    return undefined;
  }
}

/** A parser's message may quote the key; its code does not. */
function check(
  reader: EnvReader,
  name: string,
  material: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer },
  fault: string,
): void {
  try {
    createSecureContext(material);
  } catch (error) {
    reader.fault(name, `${fault} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}
