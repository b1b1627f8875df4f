import { Public } from '@facet/auth';
import { type RequestContext } from '@facet/context';
import { Answers, CacheControl, Context, ValidParams, ValidQuery } from '@facet/http';
import { type IdParams, idParams, noQuery, pageView } from '@facet/shaping';
import { CatalogClient, type ProductQuery, productQuery } from '@facet/upstreams-catalog';
import { Controller, Get } from '@nestjs/common';
import { catalogCache } from './catalog.cache.ts';
import { productListSchema, productPageSchema, productPageView, productView } from './product.view.ts';

/** The same for everybody, so anybody may keep it for an hour. */
@Controller('products')
@Public()
@CacheControl('public, max-age=3600')
export class ProductsController {
  constructor(private readonly catalog: CatalogClient) {}

  @Get()
  @Answers(productListSchema)
  async list(@Context() context: RequestContext, @ValidQuery(productQuery) query: ProductQuery) {
    return pageView(await this.catalog.products(context, query, catalogCache), productView);
  }

  @Get(':id')
  @Answers(productPageSchema)
  async get(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidParams(idParams) { id }: IdParams,
  ) {
    return productPageView(await this.catalog.product(context, id, catalogCache));
  }
}
