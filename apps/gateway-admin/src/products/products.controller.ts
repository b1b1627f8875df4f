import { RequireRoles, RequireScopes } from '@facet/auth';
import { type RequestContext } from '@facet/context';
import { Answers, Context, ValidParams, ValidQuery } from '@facet/http';
import { type IdParams, idParams, noQuery } from '@facet/shaping';
import { CatalogClient, type ProductQuery, productQuery } from '@facet/upstreams-catalog';
import { Controller, Get } from '@nestjs/common';
import { productListSchema, productListView, productSchema, productView } from './product.view.ts';

/** Cost and stock are as of now: nobody may keep them. */
@Controller('products')
@RequireRoles('admin')
@RequireScopes('catalog:read:any')
export class ProductsController {
  constructor(private readonly catalog: CatalogClient) {}

  @Get()
  @Answers(productListSchema)
  async list(@Context() context: RequestContext, @ValidQuery(productQuery) query: ProductQuery) {
    return productListView(await this.catalog.products(context, query));
  }

  @Get(':id')
  @Answers(productSchema)
  async get(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidParams(idParams) { id }: IdParams,
  ) {
    return productView(await this.catalog.product(context, id));
  }
}
