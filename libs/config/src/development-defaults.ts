import { type ApiKeyEntry } from './gateway-config.ts';

/** What makes `nx serve` work without any variable: the dev stack. Never used in production. */
export const developmentDefaults: Readonly<Record<string, string>> = {
  JWT_ISSUER: 'http://127.0.0.1:4001',
  JWT_AUDIENCE: 'facet',
  JWT_JWKS_URL: 'http://127.0.0.1:4001/.well-known/jwks.json',
  UPSTREAM_AUTH_URL: 'http://127.0.0.1:4001',
  UPSTREAM_ORDERS_URL: 'http://127.0.0.1:4002',
  UPSTREAM_PAYMENTS_URL: 'http://127.0.0.1:4003',
  UPSTREAM_SHIPPING_URL: 'http://127.0.0.1:4004',
  UPSTREAM_CATALOG_URL: 'http://127.0.0.1:4005',
  UPSTREAM_USERS_URL: 'http://127.0.0.1:4006',
};

const scopes = ['orders:read', 'orders:write', 'profile:read', 'payments:write'];

/** Hashes of the keys that the dev stack publishes. */
export const developmentApiKeys: readonly ApiKeyEntry[] = [
  {
    id: 'dev-free',
    subject: 'usr_free',
    tier: 'free',
    scopes,
    sha256: 'd7a040634f71c116aed5c7f760bb7ee4796485ca7e227c9d7ea6486a308b0f1e',
  },
  {
    id: 'dev-paid',
    subject: 'usr_paid',
    tier: 'paid',
    scopes,
    sha256: '00b383ce6eaecdec79ff13065c0169ce0cf1f3861210e10caddeb342b0b99296',
  },
  {
    id: 'dev-premium',
    subject: 'usr_premium',
    tier: 'premium',
    scopes,
    sha256: '65ad9a947b7ce8550ba17ba22c27f68c5aa20bae558d95ab7a06aa85e7fe99af',
  },
  {
    id: 'dev-enterprise',
    subject: 'usr_enterprise',
    tier: 'enterprise',
    scopes,
    sha256: 'f3505b141c3184fc2348511858509f58e40a7d7cc194a031cf14ae8fb2930c05',
  },
];
