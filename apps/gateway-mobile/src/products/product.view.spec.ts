import { goldenCase, grown, serialized } from '@facet/testing/cases';
import { type Product } from '@facet/upstreams-catalog';
import { describe, expect, it } from '@jest/globals';
import { productPageSchema, productPageView, productSchema, productView } from './product.view.ts';

const upstream = goldenCase<Product>('products', 'upstream');

describe('the mobile view of a product', () => {
  it('is the golden one, on the wire too', () => {
    const view = productView(upstream);
    expect(view).toEqual(goldenCase('products', 'mobile'));
    expect(serialized(productSchema, view)).toEqual(view);
  });

  it('leaves behind what the upstream adds', () => {
    expect(productView(grown(upstream))).toEqual(productView(upstream));
    expect(serialized(productSchema, grown(productView(upstream)))).toEqual(productView(upstream));
  });

  it('adds the description on the page of its own, and still no image but the thumbnail', () => {
    const page = productPageView(upstream);
    expect(page).toEqual({
      ...productView(upstream),
      description: upstream.description,
      attributes: upstream.attributes,
    });
    expect(serialized(productPageSchema, page)).toEqual(page);
    expect(JSON.stringify(page)).not.toMatch(/large|original\./);
  });

  it('shows a product without reduction or thumbnail', () => {
    const view = productView({ ...upstream, listPrice: null, images: [] });
    expect(view).toMatchObject({ listPrice: null, thumbnailUrl: null });
    expect(serialized(productSchema, view)).toEqual(view);
  });
});
