import ipaddr from 'ipaddr.js';
import { type EnvReader } from './env-reader.ts';
import { type ServerConfig } from './gateway-config.ts';
import { readPair } from './read-tls.ts';

const mebibyte = 1024 * 1024;

/** Reads where to listen, whom to trust and what a request may cost. */
export function readServer(
  reader: EnvReader,
  ports: { readonly port: number; readonly managementPort: number },
  production: boolean,
): ServerConfig {
  return {
    host: reader.text('HOST', '127.0.0.1'),
    port: reader.integer('PORT', { min: 0, max: 65_535, fallback: ports.port }),
    managementHost: reader.text('MANAGEMENT_HOST', '127.0.0.1'),
    managementPort: reader.integer('MANAGEMENT_PORT', {
      min: 0,
      max: 65_535,
      fallback: ports.managementPort,
    }),
    managementHosts: reader.list('MANAGEMENT_HOSTS', [], hostFault),
    trustedProxies: reader.list('TRUSTED_PROXIES', [], cidrFault),
    corsOrigins: reader.list('CORS_ORIGINS', [], originFault),
    bodyLimitBytes: reader.integer('BODY_LIMIT_BYTES', { min: 1, max: 1024 * mebibyte, fallback: mebibyte }),
    requestDeadlineMs: reader.integer('REQUEST_DEADLINE_MS', { min: 50, max: 600_000, fallback: 10_000 }),
    drainDelayMs: reader.integer('DRAIN_DELAY_MS', {
      min: 0,
      max: 300_000,
      fallback: production ? 6_000 : 0,
    }),
    drainGraceMs: reader.integer('DRAIN_GRACE_MS', { min: 0, max: 600_000, fallback: 15_000 }),
    http2: reader.oneOf('HTTP2', ['on', 'off'], 'on') === 'on',
    ...readTls(reader),
  };
}

function readTls(reader: EnvReader): Pick<ServerConfig, 'tls'> {
  const tls = readPair(reader, { cert: 'TLS_CERT_FILE', key: 'TLS_KEY_FILE' });
  return tls === undefined ? {} : { tls };
}

function hostFault(item: string): string | undefined {
  return /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(item)
    ? undefined
    : 'is no host name (without scheme and port)';
}

function cidrFault(item: string): string | undefined {
  const valid = item.includes('/') ? ipaddr.isValidCIDR(item) : ipaddr.isValid(item);
  if (!valid) return 'is no address or CIDR block';
  return /\/0+$/.test(item) ? `(${item}) would trust everybody` : undefined;
}

function originFault(item: string): string | undefined {
  if (item.includes('*')) return 'has a *: name exact origins';
  const exact = URL.canParse(item) && new URL(item).origin === item && /^https?:/.test(item);
  return exact ? undefined : 'is no origin (scheme://host[:port], no path)';
}
