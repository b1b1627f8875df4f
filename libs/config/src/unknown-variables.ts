import { type Environment } from './env-reader.ts';

const jwtVariables = new Set([
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_ALGORITHMS',
  'JWT_JWKS_URL',
  'JWT_SECRET',
  'JWT_LEEWAY_SECONDS',
]);
const upstreamVariables = new Set(
  ['AUTH', 'ORDERS', 'PAYMENTS', 'SHIPPING', 'CATALOG', 'USERS'].map((name) => `UPSTREAM_${name}_URL`),
);

/**
 * Names that can only be misspellings of ours: `JWT_ISUER` would otherwise be ignored in silence. Other prefixes are
 * left alone, since platforms put variables of their own beside ours.
 */
export function unknownVariables(env: Environment): string[] {
  return Object.keys(env).filter(
    (name) =>
      (name.startsWith('JWT_') && !jwtVariables.has(name)) ||
      (/^UPSTREAM_.*_URL$/.test(name) && !upstreamVariables.has(name)),
  );
}
