import {
  type Address,
  type Order,
  type OrderEvent,
  type PaymentMethod,
  type Product,
  type SavedAddress,
  type User,
} from '../model.ts';
import { historyOf } from './order-history.ts';
import { orderSlots, type OrderSlot } from './order-slots.ts';
import { priceItem, priceOrder } from './pricing.ts';
import { randomFor, type Random } from './random.ts';
import { instant } from './time.ts';

const FIRST_NUMBER = 100_001;

const customerNotes = [
  'Please leave it with the neighbour.',
  'It is a gift: no invoice in the box.',
  'Ring twice.',
];
const staffNotes = [
  'Address checked by phone',
  'Split shipment refused',
  'Second attempt after card decline',
];

/** An address as it was when the order was placed, without the address book's own members. */
export const plainAddress = ({
  name,
  line1,
  line2,
  city,
  postalCode,
  region,
  country,
}: Address): Address => ({
  name,
  line1,
  line2,
  city,
  postalCode,
  region,
  country,
});

export const defaultAddress = (user: User): Address => {
  const saved: SavedAddress | undefined =
    user.addresses.find(({ isDefault }) => isDefault) ?? user.addresses[0];
  if (saved === undefined) throw new Error(`customer ${user.id} has no address`);
  return plainAddress(saved);
};

export const orderId = (number: number): string => `ord_${number}`;

const methodOf = (random: Random): PaymentMethod => {
  const type = random.pick(['card', 'card', 'card', 'paypal', 'invoice'] as const);
  if (type !== 'card') return { type, brand: null, last4: null };
  return { type, brand: random.pick(['Visa', 'Mastercard']), last4: random.digits(4) };
};

const itemsOf = (random: Random, products: readonly Product[]): Order['items'] => {
  const chosen = new Set(Array.from({ length: random.integer(1, 5) }, () => random.pick(products)));
  return [...chosen].map((product) => priceItem(product, random.chance(0.7) ? 1 : random.integer(2, 4)));
};

const internalOf = (random: Random): Omit<Order['internal'], 'margin'> => ({
  riskScore: random.integer(1, 70),
  warehouse: random.pick(['BER-1', 'RTM-2', 'LYS-1']),
  channel: random.pick(['web', 'mobile', 'phone']),
  pickerId: random.chance(0.8) ? `emp_${random.integer(100, 160)}` : null,
  notes: random.chance(0.2) ? [random.pick(staffNotes)] : [],
});

const has = (history: readonly OrderEvent[], status: OrderEvent['status']): boolean =>
  history.some((event) => event.status === status);

const orderOf = ({ customer, placedMs }: OrderSlot, number: number, products: readonly Product[]): Order => {
  const random = randomFor('order', number);
  const history = historyOf(random, placedMs);
  const items = itemsOf(random, products);
  const shippingMethod = random.pick(['standard', 'standard', 'express', 'pickup'] as const);
  const { margin, ...totals } = priceOrder(items, shippingMethod, random.chance(0.15) ? 10 : 0);
  const last = history.at(-1);
  const placedAt = instant(placedMs);
  return {
    id: orderId(number),
    number: `F-${placedAt.slice(0, 4)}-${number}`,
    customerId: customer.id,
    status: last?.status ?? 'pending',
    currency: totals.total.currency,
    items,
    ...totals,
    shippingMethod,
    shippingAddress: plainAddress(random.pick(customer.addresses)),
    billing: {
      address: defaultAddress(customer),
      method: has(history, 'paid') ? methodOf(random) : null,
      vatId: customer.tier === 'enterprise' ? `EU${random.digits(9)}` : null,
    },
    paymentId: has(history, 'paid') ? `pay_${number}` : null,
    shipmentId: has(history, 'shipped') ? `shp_${number}` : null,
    customerNote: random.chance(0.15) ? random.pick(customerNotes) : null,
    history,
    placedAt,
    updatedAt: last?.at ?? placedAt,
    internal: { margin, ...internalOf(random) },
  };
};

/** Oldest first, numbered in that order. */
export const buildOrders = (users: readonly User[], products: readonly Product[]): Order[] =>
  orderSlots(users).map((slot, index) => orderOf(slot, FIRST_NUMBER + index, products));
