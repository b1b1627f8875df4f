import { selectShipment, type Shipment } from '@facet/upstreams-shipping';
import { type Static, Type } from 'typebox';

/** What is on its way and arrives first. */
export const nextDeliverySchema = Type.Object({
  orderId: Type.String(),
  status: Type.String(),
  carrier: Type.String(),
  estimatedDelivery: Type.String(),
  trackingUrl: Type.String(),
});

const shown = ['orderId', 'status', 'carrier', 'estimatedDelivery', 'tracking'] as const;
/** What is read of an upstream's shipment for this view. */
export const shipmentSelection = selectShipment(...shown);
export type SelectedShipment = Pick<Shipment, (typeof shown)[number]>;

const ended = new Set(['delivered', 'returned']);

/** Null when nothing is on its way. */
export function nextDelivery(
  shipments: readonly SelectedShipment[],
): Static<typeof nextDeliverySchema> | null {
  const [next] = shipments
    .filter(({ status }) => !ended.has(status))
    .sort((left, right) => Date.parse(left.estimatedDelivery) - Date.parse(right.estimatedDelivery));
  if (next === undefined) return null;
  const { orderId, status, carrier, estimatedDelivery, tracking } = next;
  return { orderId, status, carrier, estimatedDelivery, trackingUrl: tracking.url };
}
