import { internalSchema, moneySchema, nullable } from '@facet/shaping';
import { type Static, Type } from 'typebox';

/** A product as catalog-service answers it. */
export const productSchema = Type.Object({
  id: Type.String(),
  sku: Type.String(),
  name: Type.String(),
  brand: Type.String(),
  category: Type.String(),
  description: Type.String(),
  price: moneySchema,
  /** The price before a reduction; null when there is none. */
  listPrice: nullable(moneySchema),
  /** `in_stock`, `low_stock`, `out_of_stock`. */
  availability: Type.String(),
  images: Type.Array(
    Type.Object({
      /** `thumbnail`, `small`, `large`, `original`. */
      size: Type.String(),
      url: Type.String(),
      width: Type.Integer(),
      height: Type.Integer(),
      alt: Type.String(),
    }),
  ),
  attributes: Type.Record(Type.String(), Type.String()),
  tags: Type.Array(Type.String()),
  /** `average` is 1.0 to 5.0. */
  rating: Type.Object({ average: Type.Number(), count: Type.Integer() }),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  /** Cost, stock, supplier. */
  internal: internalSchema,
});
export type Product = Static<typeof productSchema>;
