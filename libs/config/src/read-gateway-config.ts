import { readApiKeysFile } from './api-keys-file.ts';
import { ConfigError } from './config-error.ts';
import { type FileResult } from './data-file.ts';
import { developmentApiKeys, developmentDefaults } from './development-defaults.ts';
import { EnvReader, type Environment } from './env-reader.ts';
import {
  type ApiKeysConfig,
  type GatewayConfig,
  type LogLevel,
  type UpstreamTlsConfig,
} from './gateway-config.ts';
import { readJwt } from './read-jwt.ts';
import { readServer } from './read-server.ts';
import { readAuthorities, readPair } from './read-tls.ts';
import { defaultTiers, readTiersFile } from './tiers-file.ts';
import { unknownVariables } from './unknown-variables.ts';

/** The upstreams a gateway may declare; `UPSTREAM_<NAME>_URL` says where each is. */
export const upstreamNames = ['auth', 'orders', 'payments', 'shipping', 'catalog', 'users'] as const;
export type UpstreamName = (typeof upstreamNames)[number];

/** What an app says of itself; the rest comes from the environment. */
export interface GatewayDefinition {
  readonly name: GatewayConfig['name'];
  readonly prefix: string;
  readonly port: number;
  readonly managementPort: number;
  readonly upstreams: readonly UpstreamName[];
  /** Whether callers may come with an API key: then production needs `API_KEYS_FILE`. */
  readonly apiKeys: boolean;
}

const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const environments = ['production', 'development', 'test'] as const;

/**
 * Reads a gateway's whole environment once. Without `NODE_ENV` it is production: development defaults must be asked for.
 * @throws ConfigError listing every fault
 */
export function readGatewayConfig(env: Environment, definition: GatewayDefinition): GatewayConfig {
  const reader = new EnvReader(env);
  const environment = reader.oneOf('NODE_ENV', environments, 'production');
  const defaults = environment === 'production' ? {} : developmentDefaults;
  const config: GatewayConfig = {
    name: definition.name,
    prefix: definition.prefix,
    environment,
    server: readServer(reader, definition, environment === 'production'),
    log: { level: reader.oneOf('LOG_LEVEL', logLevels, 'info') },
    jwt: readJwt(reader, defaults),
    apiKeys: readApiKeys(reader, definition, environment === 'production'),
    tiers: readFile(reader, 'TIERS_FILE', readTiersFile) ?? defaultTiers,
    throttling: { legacyHeaders: reader.oneOf('RATE_LIMIT_LEGACY_HEADERS', ['on', 'off'], 'off') === 'on' },
    upstreams: readUpstreams(reader, definition.upstreams, defaults),
    ...readRoutesFile(reader),
    ...readRedis(reader),
  };
  for (const name of unknownVariables(env)) reader.fault(name, 'is not known');
  if (reader.faults.length > 0) throw new ConfigError(reader.faults);
  return Object.freeze(config);
}

function readFile<T>(reader: EnvReader, name: string, read: (path: string) => FileResult<T>): T | undefined {
  const path = reader.raw(name);
  if (path === undefined) return undefined;
  const result = read(path);
  if ('value' in result) return result.value;
  for (const fault of result.faults) reader.fault(name, fault);
  return undefined;
}

function readApiKeys(reader: EnvReader, definition: GatewayDefinition, production: boolean): ApiKeysConfig {
  const file = reader.raw('API_KEYS_FILE');
  if (file === undefined) {
    if (production && definition.apiKeys) reader.fault('API_KEYS_FILE', 'is missing');
    return { entries: production ? [] : developmentApiKeys };
  }
  return { file, entries: readFile(reader, 'API_KEYS_FILE', readApiKeysFile) ?? [] };
}

function readUpstreams(
  reader: EnvReader,
  names: readonly UpstreamName[],
  defaults: Readonly<Record<string, string>>,
): GatewayConfig['upstreams'] {
  const tls = readUpstreamTls(reader);
  return Object.fromEntries(
    names.map((name) => {
      const variable = `UPSTREAM_${name.toUpperCase()}_URL`;
      const url = reader.url(variable, ['http:', 'https:'], { fallback: defaults[variable] });
      return [name, { url, ...tls }];
    }),
  );
}

/** For all upstreams alike: they are of one house. */
function readUpstreamTls(reader: EnvReader): { readonly tls?: UpstreamTlsConfig } {
  const caFile = readAuthorities(reader, 'UPSTREAM_CA_FILE');
  const pair = readPair(reader, { cert: 'UPSTREAM_CERT_FILE', key: 'UPSTREAM_KEY_FILE' });
  if (caFile === undefined && pair === undefined) return {};
  return { tls: { ...(caFile === undefined ? {} : { caFile }), ...pair } };
}

function readRoutesFile(reader: EnvReader): Pick<GatewayConfig, 'routesFile'> {
  const routesFile = reader.raw('ROUTES_FILE');
  return routesFile === undefined ? {} : { routesFile };
}

function readRedis(reader: EnvReader): Pick<GatewayConfig, 'redisUrl'> {
  if (reader.raw('REDIS_URL') === undefined) return {};
  return { redisUrl: reader.url('REDIS_URL', ['redis:', 'rediss:'], { credentials: true }) };
}
