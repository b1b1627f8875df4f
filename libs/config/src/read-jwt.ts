import { type EnvReader } from './env-reader.ts';
import { type JwtAlgorithm, jwtAlgorithms, type JwtConfig } from './gateway-config.ts';

const minSecretBytes = 32;

/** Reads the `JWT_*` variables. One source of keys exactly; algorithms must fit it. */
export function readJwt(reader: EnvReader, defaults: Readonly<Record<string, string>>): JwtConfig {
  const secret = reader.raw('JWT_SECRET');
  const jwksUrl = reader.raw('JWT_JWKS_URL') ?? (secret === undefined ? defaults['JWT_JWKS_URL'] : undefined);
  if (secret !== undefined && jwksUrl !== undefined) {
    reader.fault('JWT_SECRET', 'and JWT_JWKS_URL exclude one another: keep one');
  }
  if (secret === undefined && jwksUrl === undefined)
    reader.fault('JWT_JWKS_URL', 'is missing (or JWT_SECRET)');
  if (secret !== undefined && Buffer.byteLength(secret) < minSecretBytes) {
    reader.fault('JWT_SECRET', `must be at least ${minSecretBytes} bytes`);
  }
  if (secret === undefined && jwksUrl !== undefined) {
    reader.url('JWT_JWKS_URL', ['https:', 'http:'], { fallback: defaults['JWT_JWKS_URL'] });
  }
  return {
    issuer: reader.text('JWT_ISSUER', defaults['JWT_ISSUER']),
    audience: reader.text('JWT_AUDIENCE', defaults['JWT_AUDIENCE']),
    algorithms: readAlgorithms(reader, secret !== undefined),
    keys: secret === undefined ? { jwksUrl: jwksUrl ?? '' } : { secret },
    leewaySeconds: reader.integer('JWT_LEEWAY_SECONDS', { min: 0, max: 30, fallback: 5 }),
  };
}

function readAlgorithms(reader: EnvReader, symmetric: boolean): readonly JwtAlgorithm[] {
  const names = reader.list('JWT_ALGORITHMS', symmetric ? ['HS256'] : ['ES256', 'RS256'], (item) => {
    if (!jwtAlgorithms.some((algorithm) => algorithm === item)) {
      return `is none of ${jwtAlgorithms.join(', ')}`;
    }
    return item.startsWith('HS') === symmetric
      ? undefined
      : `(${item}) does not fit ${symmetric ? 'JWT_SECRET' : 'JWT_JWKS_URL'}`;
  });
  return names as readonly JwtAlgorithm[];
}
