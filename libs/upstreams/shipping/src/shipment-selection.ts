import {
  type Page,
  pageSchema,
  picked,
  selectedAnswer,
  type UpstreamAnswer,
  upstreamAnswer,
} from '@facet/shaping';
import { type Shipment, shipmentSchema } from './shipment.ts';

/** How much of every shipment a caller reads. Made once, at start. */
export interface ShipmentSelection<T> {
  readonly shipments: UpstreamAnswer<Page<T>>;
}

export const wholeShipment: ShipmentSelection<Shipment> = {
  shipments: upstreamAnswer('shipping', pageSchema(shipmentSchema)),
};

/** These members of a shipment: the others are not even read. For views that show few of them. */
export function selectShipment<K extends keyof Shipment>(
  ...names: readonly K[]
): ShipmentSelection<Pick<Shipment, K>> {
  return { shipments: selectedAnswer('shipping', pageSchema(picked(shipmentSchema, names))) };
}
