import { addressSchema, nullable, projection } from '@facet/shaping';
import { Type } from 'typebox';

/** A shipment and where it has been. */
export const shipmentSchema = Type.Object({
  id: Type.String(),
  orderId: Type.String(),
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
});

export const shipmentView = projection(shipmentSchema);
