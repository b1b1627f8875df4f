import { type Tier } from '@facet/context';

/** Everything one gateway reads from its environment, checked, with units in the names. Immutable. */
export interface GatewayConfig {
  readonly name: 'gateway-web' | 'gateway-mobile' | 'gateway-admin';
  /** `/api/mobile` */
  readonly prefix: string;
  readonly environment: 'production' | 'development' | 'test';
  readonly server: ServerConfig;
  readonly log: { readonly level: LogLevel };
  readonly jwt: JwtConfig;
  /** Entries of `API_KEYS_FILE`; the file is watched for revocations. */
  readonly apiKeys: ApiKeysConfig;
  readonly tiers: TiersConfig;
  /** `X-RateLimit-*` beside the standard fields. Default off. */
  readonly throttling: { readonly legacyHeaders: boolean };
  /** Only the upstreams this app declares. */
  readonly upstreams: Readonly<Record<string, { readonly url: string; readonly tls?: UpstreamTlsConfig }>>;
  /** Path of `ROUTES_FILE`. */
  readonly routesFile?: string;
  /** Absent: state lives in this process's memory. */
  readonly redisUrl?: string;
}

/** How to speak TLS with upstreams: PEM files, read again when they change. */
export interface UpstreamTlsConfig {
  /** Authorities that upstreams' certificates may come from, instead of the well-known ones. */
  readonly caFile?: string;
  /** Our own certificate chain, shown to upstreams that ask for one. */
  readonly certFile?: string;
  readonly keyFile?: string;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  readonly managementHost: string;
  readonly managementPort: number;
  /** Names, lower or upper case, under which it may be asked besides those nobody else can own. Default: none. */
  readonly managementHosts: readonly string[];
  /** CIDR blocks whose forwarding headers are believed. Default: none. */
  readonly trustedProxies: readonly string[];
  /** Exact origins. Default: none. */
  readonly corsOrigins: readonly string[];
  /** Default 1 MiB. */
  readonly bodyLimitBytes: number;
  /** Default 10 s. */
  readonly requestDeadlineMs: number;
  /** Between "not ready" and closing, for the balancer to notice. Default 6 s in production, else 0. */
  readonly drainDelayMs: number;
  /** How long requests in flight may take to end after that. Default 15 s. */
  readonly drainGraceMs: number;
  /** Absent: plain HTTP. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** Offered to clients over TLS. Default true. */
  readonly http2: boolean;
}

export interface JwtConfig {
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly JwtAlgorithm[];
  readonly keys: { readonly jwksUrl: string } | { readonly secret: string };
  /** Default 5 s, at most 30 s. */
  readonly leewaySeconds: number;
}

export const jwtAlgorithms = [
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'HS256',
  'HS384',
  'HS512',
] as const;
export type JwtAlgorithm = (typeof jwtAlgorithms)[number];

export interface ApiKeysConfig {
  /** Absent in development: the dev stack's keys. */
  readonly file?: string;
  readonly entries: readonly ApiKeyEntry[];
}

/** One API key at rest: the secret itself is nowhere. */
export interface ApiKeyEntry {
  readonly id: string;
  /** Hex SHA-256 of the whole key as sent in `X-API-Key`. */
  readonly sha256: string;
  readonly subject: string;
  readonly tier: Tier;
  readonly scopes: readonly string[];
  /** ISO 8601; absent: does not expire. */
  readonly expiry?: string;
}

/** Limit of one tier; `unlimited` has no numbers anywhere. */
export type TierLimit =
  | 'unlimited'
  | {
      readonly limit: number;
      readonly windowMs: number;
      readonly burst: number;
      readonly algorithm: 'token-bucket' | 'leaky-bucket';
    };

export type TiersConfig = Readonly<Record<Tier | 'anonymous', TierLimit>>;
