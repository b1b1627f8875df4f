import { nullable, pageSchema } from '@facet/shaping';
import { type Product } from '@facet/upstreams-catalog';
import { type Static, Type } from 'typebox';

/** A product on a phone: of its images the thumbnail only. Prices in minor units of `currency`. */
export const productSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  brand: Type.String(),
  category: Type.String(),
  price: Type.Integer(),
  listPrice: nullable(Type.Integer({ description: 'before a reduction' })),
  currency: Type.String(),
  availability: Type.String(),
  thumbnailUrl: nullable(Type.String()),
  rating: Type.Number(),
});
export type MobileProduct = Static<typeof productSchema>;

export const productListSchema = pageSchema(productSchema);

export function productView(product: Product): MobileProduct {
  const { id, name, brand, category, price, listPrice, availability, images, rating } = product;
  return {
    id,
    name,
    brand,
    category,
    price: price.amount,
    listPrice: listPrice?.amount ?? null,
    currency: price.currency,
    availability,
    thumbnailUrl: images.find(({ size }) => size === 'thumbnail')?.url ?? null,
    rating: rating.average,
  };
}

/** The product's own page adds what a list has no room for. */
export const productPageSchema = Type.Object({
  ...productSchema.properties,
  description: Type.String(),
  attributes: Type.Record(Type.String(), Type.String()),
});

export function productPageView(product: Product): Static<typeof productPageSchema> {
  return { ...productView(product), description: product.description, attributes: product.attributes };
}
