import { type Tier } from '../model.ts';

/** Somebody who can log in to the dev stack; each is also a customer of the data set. */
export interface Identity {
  username: string;
  /** `sub` of the tokens and id of the customer. */
  subject: string;
  firstName: string;
  lastName: string;
  tier: Tier;
  scopes: readonly string[];
  roles: readonly string[];
}

/** One for all of them, public on purpose: it opens nothing but the dev stack. */
export const DEMO_PASSWORD = 'demo';

const customer = ['orders:read', 'orders:write', 'profile:read', 'payments:write'];
const staff = [...customer, 'orders:read:any', 'orders:write:any', 'users:read', 'catalog:read:any'];

const identity = (
  username: string,
  [firstName, lastName]: [string, string],
  tier: Tier,
  scopes: readonly string[],
  roles: readonly string[] = [],
): Identity => ({ username, subject: `usr_${username}`, firstName, lastName, tier, scopes, roles });

export const identities: readonly Identity[] = [
  identity('free', ['Freya', 'Lindqvist'], 'free', customer),
  identity('paid', ['Paolo', 'Marchetti'], 'paid', customer),
  identity('premium', ['Priya', 'Raman'], 'premium', customer),
  identity('enterprise', ['Enno', 'de Vries'], 'enterprise', customer),
  identity('admin', ['Ada', 'Moreau'], 'enterprise', staff, ['admin']),
  identity('readonly', ['Rosa', 'Keller'], 'free', ['profile:read']),
];
