import { moneySchema, nullable, pageSchema, projection } from '@facet/shaping';
import { Type } from 'typebox';

/** A product with all its images; `listPrice` is the price before a reduction. */
export const productSchema = Type.Object({
  id: Type.String(),
  sku: Type.String(),
  name: Type.String(),
  brand: Type.String(),
  category: Type.String(),
  description: Type.String(),
  price: moneySchema,
  listPrice: nullable(moneySchema),
  availability: Type.String(),
  images: Type.Array(
    Type.Object({
      size: Type.String(),
      url: Type.String(),
      width: Type.Integer(),
      height: Type.Integer(),
      alt: Type.String(),
    }),
  ),
  attributes: Type.Record(Type.String(), Type.String()),
  tags: Type.Array(Type.String()),
  rating: Type.Object({ average: Type.Number(), count: Type.Integer() }),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});

export const productListSchema = pageSchema(productSchema);

export const productView = projection(productSchema);
