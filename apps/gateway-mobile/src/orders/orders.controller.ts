import { RequireScopes } from '@facet/auth';
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
import {
  idempotencyKey,
  type IdParams,
  idParams,
  listQuery,
  noQuery,
  outage,
  type PageQuery,
  pageView,
} from '@facet/shaping';
import { type NewOrderInput, newOrderSchema, OrdersClient, ownOrder } from '@facet/upstreams-orders';
import { Controller, Get, Headers, Post } from '@nestjs/common';
import { orderListV1Schema, orderListV1View, orderV1Schema, orderV1View } from './order-v1.view.ts';
import { orderListV3Schema, orderListV3View, orderV3Schema, orderV3View } from './order-v3.view.ts';
import { orderVersions } from './order.versions.ts';
import { orderListSchema, orderSchema, orderSelection, orderView, ownOrderSelection } from './order.view.ts';

/** The caller's own orders. */
@Controller('orders')
@Versioned(orderVersions)
export class OrdersController {
  constructor(private readonly orders: OrdersClient) {}

  @Get()
  @RequireScopes('orders:read')
  @Answers(orderListSchema)
  @Downgrade('v1', orderListV1Schema, orderListV1View)
  @Upgrade('v3', orderListV3Schema, orderListV3View)
  async list(@Context() context: RequestContext, @ValidQuery(listQuery) query: PageQuery) {
    const filter = { ...query, customerId: context.principal.subject };
    const page = await this.orders.list(context, filter, orderSelection);
    return pageView(page, orderView);
  }

  @Get(':id')
  @RequireScopes('orders:read')
  @Answers(orderSchema)
  @Downgrade('v1', orderV1Schema, orderV1View)
  @Upgrade('v3', orderV3Schema, orderV3View)
  async get(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidParams(idParams) { id }: IdParams,
  ) {
    const order = await this.orders.get(context, id, ownOrderSelection);
    return orderView(ownOrder(order, context.principal));
  }

  @Post()
  @RequireScopes('orders:write')
  @Answers(orderSchema, { status: 201 })
  @Downgrade('v1', orderV1Schema, orderV1View)
  @Upgrade('v3', orderV3Schema, orderV3View)
  async create(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidBody(newOrderSchema) input: NewOrderInput,
    @Headers('idempotency-key') keyField: unknown,
  ) {
    const key = idempotencyKey(keyField);
    try {
      const newOrder = { ...input, customerId: context.principal.subject };
      return orderView(await this.orders.create(context, newOrder, key, orderSelection));
    } catch (error) {
      throw outage(error, { userMessage: 'checkout_unavailable', covers: key ? 'timedOut' : 'failed' });
    }
  }
}
