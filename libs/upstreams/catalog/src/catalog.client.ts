import { type CachePolicy } from '@facet/caching';
import { type RequestContext } from '@facet/context';
import { type Page, type PageQuery, pageSchema, upstreamAnswer, withCursor } from '@facet/shaping';
import { path, type UpstreamClient, Upstreams } from '@facet/upstream';
import { Injectable } from '@nestjs/common';
import { type Offer, offerSchema } from './offer.ts';
import { type ProductQuery } from './product-query.ts';
import { type Product, productSchema } from './product.ts';

const product = upstreamAnswer('catalog', productSchema);
const products = upstreamAnswer('catalog', pageSchema(productSchema));
const offers = upstreamAnswer('catalog', pageSchema(offerSchema));

/** catalog-service. A read is cached only where the caller brings a policy. */
@Injectable()
export class CatalogClient {
  readonly #upstream: UpstreamClient;

  constructor(upstreams: Upstreams) {
    this.#upstream = upstreams.client('catalog');
  }

  async products(context: RequestContext, query: ProductQuery, cache?: CachePolicy): Promise<Page<Product>> {
    const call = this.#upstream.request(context, {
      method: 'GET',
      route: '/products',
      path: '/products',
      query: { ...query },
      cache,
    });
    const { body } = await withCursor(query.cursor, call);
    return products.check(body);
  }

  async product(context: RequestContext, id: string, cache?: CachePolicy): Promise<Product> {
    const { body } = await this.#upstream.request(context, {
      method: 'GET',
      route: '/products/:id',
      path: path`/products/${id}`,
      cache,
    });
    return product.check(body);
  }

  async offers(context: RequestContext, filter: PageQuery): Promise<Page<Offer>> {
    const call = this.#upstream.request(context, {
      method: 'GET',
      route: '/offers',
      path: '/offers',
      query: { ...filter },
    });
    const { body } = await withCursor(filter.cursor, call);
    return offers.check(body);
  }
}
