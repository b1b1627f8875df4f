import { type Page, pageSchema } from '@facet/shaping';
import { type Product, productSchema as upstreamProductSchema } from '@facet/upstreams-catalog';
import { openSchema } from '../open-schema.ts';

/** A product as catalog-service has it: cost and stock, and members added later, included. */
export const productSchema = openSchema(upstreamProductSchema);
export const productListSchema = pageSchema(productSchema);

export function productView(product: Product): Product {
  return product;
}

export function productListView({ items, nextCursor }: Page<Product>) {
  return { items: items.map(productView), nextCursor };
}
