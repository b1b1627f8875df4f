import { addressSchema, internalSchema, nullable } from '@facet/shaping';
import { type Static, Type } from 'typebox';

/** A shipment as shipping-service answers it. */
export const shipmentSchema = Type.Object({
  id: Type.String(),
  orderId: Type.String(),
  customerId: Type.String(),
  /** `label_created`, `in_transit`, `out_for_delivery`, `delivered`, `returned`. */
  status: Type.String(),
  carrier: Type.String(),
  service: Type.String(),
  tracking: Type.Object({ number: Type.String(), url: Type.String() }),
  estimatedDelivery: Type.String(),
  deliveredAt: nullable(Type.String()),
  weightGrams: Type.Integer(),
  destination: addressSchema,
  events: Type.Array(
    Type.Object({
      at: Type.String(),
      status: Type.String(),
      location: Type.String(),
      description: Type.String(),
    }),
  ),
  createdAt: Type.String(),
  internal: internalSchema,
});
export type Shipment = Static<typeof shipmentSchema>;
