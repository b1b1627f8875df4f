import { internalSchema, moneySchema } from '@facet/shaping';
import { type Static, Type } from 'typebox';

/** An offer as catalog-service answers it. */
export const offerSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  description: Type.String(),
  productId: Type.String(),
  productName: Type.String(),
  imageUrl: Type.String(),
  price: moneySchema,
  originalPrice: moneySchema,
  discountPercent: Type.Number(),
  validFrom: Type.String(),
  validUntil: Type.String(),
  internal: internalSchema,
});
export type Offer = Static<typeof offerSchema>;
