import { type RequestContext } from '@facet/context';
import { type Page, type PageQuery, withCursor } from '@facet/shaping';
import { path, type UpstreamClient, Upstreams } from '@facet/upstream';
import { Injectable } from '@nestjs/common';
import { type NewOrder, type OrderStatus } from './new-order.ts';
import { type OrderSelection, wholeOrder } from './order-selection.ts';
import { type Order } from './order.ts';

export interface OrderFilter extends PageQuery {
  /** Absent: of every customer. */
  readonly customerId?: string;
  readonly status?: OrderStatus;
}

/**
 * order-service. It answers for any customer: who may see whose orders is decided by the gateway. Orders come as their
 * selection says, whole without one.
 */
@Injectable()
export class OrdersClient {
  readonly #upstream: UpstreamClient;

  constructor(upstreams: Upstreams) {
    this.#upstream = upstreams.client('orders');
  }

  /** Newest first. */
  list(context: RequestContext, filter: OrderFilter): Promise<Page<Order>>;
  list<T>(context: RequestContext, filter: OrderFilter, selection: OrderSelection<T>): Promise<Page<T>>;
  async list(
    context: RequestContext,
    filter: OrderFilter,
    { orders }: OrderSelection<unknown> = wholeOrder,
  ): Promise<Page<unknown>> {
    const call = this.#upstream.request(context, {
      method: 'GET',
      route: '/orders',
      path: '/orders',
      query: { ...filter },
      reader: orders.reader,
    });
    const { body } = await withCursor(filter.cursor, call);
    return orders.check(body);
  }

  get(context: RequestContext, id: string): Promise<Order>;
  get<T>(context: RequestContext, id: string, selection: OrderSelection<T>): Promise<T>;
  async get(
    context: RequestContext,
    id: string,
    { order }: OrderSelection<unknown> = wholeOrder,
  ): Promise<unknown> {
    const { body } = await this.#upstream.request(context, {
      method: 'GET',
      route: '/orders/:id',
      path: path`/orders/${id}`,
      reader: order.reader,
    });
    return order.check(body);
  }

  /** @param idempotencyKey makes the call safe to repeat; without one it is sent once */
  create(context: RequestContext, newOrder: NewOrder, idempotencyKey?: string): Promise<Order>;
  create<T>(
    context: RequestContext,
    newOrder: NewOrder,
    idempotencyKey: string | undefined,
    selection: OrderSelection<T>,
  ): Promise<T>;
  async create(
    context: RequestContext,
    newOrder: NewOrder,
    idempotencyKey?: string,
    { order }: OrderSelection<unknown> = wholeOrder,
  ): Promise<unknown> {
    const { body } = await this.#upstream.request(context, {
      method: 'POST',
      route: '/orders',
      path: '/orders',
      body: newOrder,
      reader: order.reader,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    return order.check(body);
  }
}
