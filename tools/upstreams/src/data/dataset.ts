import { type Offer, type Order, type Payment, type Product, type Shipment, type User } from '../model.ts';
import { buildOffers } from './offers.ts';
import { buildOrders } from './orders.ts';
import { buildPayments } from './payments.ts';
import { buildProducts } from './products.ts';
import { buildShipments } from './shipments.ts';
import { buildUsers } from './users.ts';

export interface Dataset {
  users: readonly User[];
  products: readonly Product[];
  offers: readonly Offer[];
  /** Oldest first, like payments and shipments. */
  orders: readonly Order[];
  payments: readonly Payment[];
  shipments: readonly Shipment[];
}

/** The shop on 2026-01-01: the same records, byte by byte, on every call and every machine. */
export const buildDataset = (): Dataset => {
  const users = buildUsers();
  const products = buildProducts();
  const orders = buildOrders(users, products);
  return {
    users,
    products,
    offers: buildOffers(products),
    orders,
    payments: buildPayments(orders),
    shipments: buildShipments(orders),
  };
};
