import {
  type Order,
  type OrderStatus,
  type Shipment,
  type ShipmentEvent,
  type ShipmentStatus,
} from '../model.ts';
import { money } from './money.ts';
import { cityOf } from './places.ts';
import { randomFor, type Random } from './random.ts';
import { ANCHOR_MS, DAY_MS, HOUR_MS, instant } from './time.ts';

const carriers = [
  { name: 'Polar Post', domain: 'polarpost.example' },
  { name: 'Sprintline', domain: 'sprintline.example' },
  { name: 'Grüne Fracht', domain: 'gruenefracht.example' },
];

const reached = (order: Order, status: OrderStatus): string | null =>
  order.history.find((event) => event.status === status)?.at ?? null;

const statusOf = (random: Random, order: Order): ShipmentStatus => {
  if (order.status === 'delivered' || order.status === 'returned') return order.status;
  return random.pick(['label_created', 'in_transit', 'out_for_delivery']);
};

const estimateOf = (random: Random, status: ShipmentStatus): string =>
  instant(ANCHOR_MS + (status === 'out_for_delivery' ? 9 * HOUR_MS : random.integer(1, 4) * DAY_MS));

const eventsOf = (
  random: Random,
  order: Order,
  shippedAt: string,
  status: ShipmentStatus,
): ShipmentEvent[] => {
  const shippedMs = Date.parse(shippedAt);
  const event = (at: string, name: ShipmentStatus, location: string, description: string): ShipmentEvent => ({
    at,
    status: name,
    location,
    description,
  });
  const events = [event(shippedAt, 'label_created', order.internal.warehouse, 'Label printed')];
  if (status === 'label_created') return events;
  const transitAt = instant(Math.min(shippedMs + random.integer(2, 20) * HOUR_MS, ANCHOR_MS));
  events.push(event(transitAt, 'in_transit', cityOf(random), 'Sorted at the depot'));
  if (status === 'in_transit') return events;
  const deliveredAt = reached(order, 'delivered');
  const outMs = deliveredAt === null ? ANCHOR_MS : Date.parse(deliveredAt) - 3 * HOUR_MS;
  events.push(event(instant(outMs), 'out_for_delivery', order.shippingAddress.city, 'With the driver'));
  if (deliveredAt !== null) {
    events.push(event(deliveredAt, 'delivered', order.shippingAddress.city, 'Handed over'));
  }
  const returnedAt = reached(order, 'returned');
  if (returnedAt !== null)
    events.push(event(returnedAt, 'returned', order.internal.warehouse, 'Back in stock'));
  return events;
};

const shipmentOf = (order: Order, id: string): Shipment => {
  const random = randomFor('shipment', id);
  const carrier = random.pick(carriers);
  const trackingNumber = `${random.pick(['PP', 'SL', 'GF'])}${random.digits(10)}`;
  const shippedAt = reached(order, 'shipped') ?? order.updatedAt;
  const deliveredAt = reached(order, 'delivered');
  const status = statusOf(random, order);
  return {
    id,
    orderId: order.id,
    customerId: order.customerId,
    status,
    carrier: carrier.name,
    service: order.shippingMethod,
    tracking: { number: trackingNumber, url: `https://${carrier.domain}/t/${trackingNumber}` },
    estimatedDelivery: deliveredAt ?? estimateOf(random, status),
    deliveredAt,
    weightGrams: order.items.reduce(
      (grams, item) => grams + Number(item.attributes['weightGrams']) * item.quantity,
      0,
    ),
    destination: order.shippingAddress,
    events: eventsOf(random, order, shippedAt, status),
    createdAt: shippedAt,
    internal: {
      cost: money(random.integer(290, 1_400)),
      warehouse: order.internal.warehouse,
      labelBatch: `lb_${random.digits(6)}`,
      contractId: `ctr_${random.integer(1, 9)}`,
    },
  };
};

/** One for each order that was shipped, in the orders' order. */
export const buildShipments = (orders: readonly Order[]): Shipment[] =>
  orders.flatMap((order) => (order.shipmentId === null ? [] : [shipmentOf(order, order.shipmentId)]));
