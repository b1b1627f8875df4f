import { RequireRoles, RequireScopes } from '@facet/auth';
import { type RequestContext } from '@facet/context';
import {
  Answers,
  Context,
  Downgrade,
  Upgrade,
  ValidBody,
  ValidParams,
  ValidQuery,
  Versioned,
} from '@facet/http';
import { idempotencyKey, type IdParams, idParams, noQuery, outage } from '@facet/shaping';
import { OrdersClient } from '@facet/upstreams-orders';
import { Controller, Get, Headers, Post } from '@nestjs/common';
import { type BehalfOrder, behalfOrderSchema, type OrderQuery, orderQuery } from './order-input.ts';
import { orderListV1Schema, orderListV1View, orderV1Schema, orderV1View } from './order-v1.view.ts';
import { orderListV3Schema, orderListV3View, orderV3Schema, orderV3View } from './order-v3.view.ts';
import { orderVersions } from './order.versions.ts';
import { orderListSchema, orderListView, orderSchema, orderView } from './order.view.ts';

/** The orders of every customer. */
@Controller('orders')
@RequireRoles('admin')
@Versioned(orderVersions)
export class OrdersController {
  constructor(private readonly orders: OrdersClient) {}

  @Get()
  @RequireScopes('orders:read:any')
  @Answers(orderListSchema)
  @Downgrade('v1', orderListV1Schema, orderListV1View)
  @Upgrade('v3', orderListV3Schema, orderListV3View)
  async list(@Context() context: RequestContext, @ValidQuery(orderQuery) query: OrderQuery) {
    return orderListView(await this.orders.list(context, query));
  }

  @Get(':id')
  @RequireScopes('orders:read:any')
  @Answers(orderSchema)
  @Downgrade('v1', orderV1Schema, orderV1View)
  @Upgrade('v3', orderV3Schema, orderV3View)
  async get(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidParams(idParams) { id }: IdParams,
  ) {
    return orderView(await this.orders.get(context, id));
  }

  /** On behalf of a customer. */
  @Post()
  @RequireScopes('orders:write:any')
  @Answers(orderSchema, { status: 201 })
  @Downgrade('v1', orderV1Schema, orderV1View)
  @Upgrade('v3', orderV3Schema, orderV3View)
  async create(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidBody(behalfOrderSchema) newOrder: BehalfOrder,
    @Headers('idempotency-key') keyField: unknown,
  ) {
    const key = idempotencyKey(keyField);
    try {
      return orderView(await this.orders.create(context, newOrder, key));
    } catch (error) {
      throw outage(error, { userMessage: 'checkout_unavailable', covers: key ? 'timedOut' : 'failed' });
    }
  }
}
