import { buildDataset, type Dataset } from '../data/dataset.ts';
import { ANCHOR_MS, instant, MINUTE_MS } from '../data/time.ts';
import { Collection } from '../http/collection.ts';
import { type Offer, type Order, type Payment, type Product, type Shipment, type User } from '../model.ts';

/** The records of one running dev stack, newest first where they have a date; gone when it stops. */
export interface Store {
  users: Collection<User>;
  products: Collection<Product>;
  offers: Collection<Offer>;
  orders: Collection<Order>;
  payments: Collection<Payment>;
  shipments: Collection<Shipment>;
  /** The number and instant of the next record made: a minute apart from the anchor on, on any day. */
  nextStamp(): { number: number; at: string };
}

const FIRST_NEW_NUMBER = 200_001;

let shared: Dataset | undefined;

/** Stacks of one process share the records they start from, never what is added to them. */
export const createStore = (): Store => {
  shared ??= buildDataset();
  let made = 0;
  return {
    users: new Collection(shared.users),
    products: new Collection(shared.products),
    offers: new Collection(shared.offers),
    orders: new Collection(shared.orders.toReversed()),
    payments: new Collection(shared.payments.toReversed()),
    shipments: new Collection(shared.shipments.toReversed()),
    nextStamp: () => {
      made += 1;
      return { number: FIRST_NEW_NUMBER + made - 1, at: instant(ANCHOR_MS + made * MINUTE_MS) };
    },
  };
};
