import { moneySchema, projection } from '@facet/shaping';
import { Type } from 'typebox';

/** A banner of the start page. */
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
});

export const offerView = projection(offerSchema);
