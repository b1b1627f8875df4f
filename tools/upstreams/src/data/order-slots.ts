import { type User } from '../model.ts';
import { identities } from './identities.ts';
import { randomFor, type Random } from './random.ts';
import { ANCHOR_MS, DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts';

/** Who orders when; the rest of an order follows from its slot. */
export interface OrderSlot {
  customer: User;
  placedMs: number;
}

const ORDERS_OF_AN_IDENTITY = 24;
const SPAN_DAYS = 540;

const identitySubjects = new Set(identities.map(({ subject }) => subject));

/** Every identity has one order just paid, one on its way and a long past, so that each screen has something to show. */
const identityAges = (random: Random): number[] =>
  Array.from({ length: ORDERS_OF_AN_IDENTITY }, (_, index) => {
    if (index === 0) return random.integer(4, 20) * HOUR_MS;
    if (index === 1) return random.integer(4 * 24, 6 * 24) * HOUR_MS;
    return (index * 20 + random.integer(0, 14)) * DAY_MS;
  });

const customerAges = (random: Random): number[] =>
  Array.from({ length: random.integer(6, 12) }, () => random.integer(2 * HOUR_MS, SPAN_DAYS * DAY_MS));

/** Oldest first. */
export const orderSlots = (users: readonly User[]): OrderSlot[] =>
  users
    .flatMap((customer) => {
      const random = randomFor('slots', customer.id);
      const ages = identitySubjects.has(customer.id) ? identityAges(random) : customerAges(random);
      return ages.map((ageMs) => ({
        customer,
        placedMs: ANCHOR_MS - ageMs + random.integer(0, 59) * MINUTE_MS,
      }));
    })
    .sort((left, right) => left.placedMs - right.placedMs || (left.customer.id < right.customer.id ? -1 : 1));
