import { type SavedAddress, type Tier, type User } from '../model.ts';
import { identities, type Identity } from './identities.ts';
import { money } from './money.ts';
import { firstNames, lastNames } from './people.ts';
import { addressOf } from './places.ts';
import { randomFor, type Random } from './random.ts';
import { DAY_MS, instant } from './time.ts';

const OTHER_CUSTOMERS = 244;
const JOINED_FROM_MS = Date.UTC(2021, 0, 4);
/** Before the first order of the data set, so that nobody orders before joining. */
const JOINED_WITHIN_DAYS = 1_240;

type Person = Pick<Identity, 'subject' | 'firstName' | 'lastName' | 'tier'>;

const tiers: readonly Tier[] = [
  'free',
  'free',
  'free',
  'free',
  'free',
  'paid',
  'paid',
  'paid',
  'premium',
  'enterprise',
];

const stranger = (index: number): Person => {
  const random = randomFor('person', index);
  return {
    subject: `usr_${1001 + index}`,
    firstName: random.pick(firstNames),
    lastName: random.pick(lastNames),
    tier: random.pick(tiers),
  };
};

const addressesOf = (random: Random, { subject, firstName, lastName }: Person): SavedAddress[] =>
  ['Home', 'Work', 'Parents'].slice(0, random.integer(1, 3)).map((label, index) => ({
    id: `adr_${subject.slice(4)}_${index + 1}`,
    label,
    isDefault: index === 0,
    ...addressOf(random, `${firstName} ${lastName}`),
  }));

const preferencesOf = (random: Random): User['preferences'] => ({
  language: random.pick(['en', 'de', 'fr', 'it', 'nl', 'sv', 'es']),
  currency: 'EUR',
  theme: random.pick(['light', 'dark', 'system']),
  newsletter: random.chance(0.4),
  notifications: { email: random.chance(0.8), push: random.chance(0.6), sms: random.chance(0.2) },
});

const internalOf = (random: Random): User['internal'] => ({
  riskScore: random.integer(1, 60),
  segment: random.pick(['new', 'regular', 'loyal', 'at-risk', 'business']),
  lifetimeValue: money(random.integer(5_000, 900_000)),
  supportNotes: random.chance(0.3)
    ? [random.pick(['Prefers e-mail', 'Goodwill credit in 2024', 'VIP desk'])]
    : [],
});

const userOf = (person: Person): User => {
  const random = randomFor('user', person.subject);
  const joinedMs =
    JOINED_FROM_MS + random.integer(0, JOINED_WITHIN_DAYS) * DAY_MS + random.integer(0, DAY_MS);
  return {
    id: person.subject,
    displayName: `${person.firstName} ${person.lastName}`,
    firstName: person.firstName,
    lastName: person.lastName,
    email: `${person.subject.slice(4)}@customers.example`,
    phone: `+49 30 ${random.digits(4)} ${random.digits(4)}`,
    avatarUrl: `https://images.facet.example/avatars/${person.subject}.webp`,
    tier: person.tier,
    addresses: addressesOf(random, person),
    preferences: preferencesOf(random),
    createdAt: instant(joinedMs),
    updatedAt: instant(joinedMs + random.integer(1, 500) * DAY_MS),
    internal: internalOf(random),
  };
};

/** The dev identities first, then invented customers. */
export const buildUsers = (): User[] =>
  [...identities, ...Array.from({ length: OTHER_CUSTOMERS }, (_, index) => stranger(index))].map(userOf);
