import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type Product } from '@facet/upstreams-catalog';
import { describe, expect, it } from '@jest/globals';
import { productListSchema, productSchema, productView } from './product.view.ts';

const upstream = goldenCase<Product>('products', 'upstream');

describe('the admin view of a product', () => {
  it('is the golden one, on the wire too', () => {
    const view = productView(upstream);
    expect(view).toEqual(goldenCase('products', 'admin'));
    expect(serialized(productSchema, view)).toEqual(view);
  });

  it('shows what the upstream adds, at any depth', () => {
    const later = grown(upstream);
    expect(serialized(productSchema, productView(later))).toEqual(later);
    const list = { items: [productView(later)], nextCursor: 'c' };
    expect(serialized(productListSchema, list)).toEqual(list);
  });
});
