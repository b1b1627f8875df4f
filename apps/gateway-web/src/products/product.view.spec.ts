import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type Product } from '@facet/upstreams-catalog';
import { describe, expect, it } from '@jest/globals';
import { productSchema, productView } from './product.view.ts';

const upstream = goldenCase<Product>('products', 'upstream');

describe('the web view of a product', () => {
  it('is the golden one, on the wire too', () => {
    const view = productView(upstream);
    expect(view).toEqual(goldenCase('products', 'web'));
    expect(serialized(productSchema, view)).toEqual(view);
  });

  it('leaves behind what the upstream adds, in view and schema alike', () => {
    // A product's attributes have free names: a new one is data, not a new field.
    const later = { ...grown(upstream), attributes: upstream.attributes };
    expect(productView(later)).toEqual(productView(upstream));
    expect(serialized(productSchema, later)).toEqual(productView(upstream));
  });

  it('shows a price without a reduction', () => {
    const view = productView({ ...upstream, listPrice: null });
    expect(view.listPrice).toBeNull();
    expect(serialized(productSchema, view)).toEqual(view);
  });
});
