import { type Offer } from '@facet/upstreams-catalog';
import { type Static, Type } from 'typebox';

/** A tile of the start screen; `price` in minor units of `currency`. */
export const offerSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  productId: Type.String(),
  imageUrl: Type.String(),
  price: Type.Integer(),
  currency: Type.String(),
  discountPercent: Type.Number(),
});

export function offerView(offer: Offer): Static<typeof offerSchema> {
  const { id, title, productId, imageUrl, price, discountPercent } = offer;
  return { id, title, productId, imageUrl, price: price.amount, currency: price.currency, discountPercent };
}
