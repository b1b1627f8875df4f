import { type RequestContext } from '@facet/context';
import { type Page, type PageQuery, pageSchema, upstreamAnswer, withCursor } from '@facet/shaping';
import { path, type UpstreamClient, Upstreams } from '@facet/upstream';
import { Injectable } from '@nestjs/common';
import { type NewOrder, type OrderStatus } from './new-order.ts';
import { type Order, orderSchema } from './order.ts';

const order = upstreamAnswer('orders', orderSchema);
const orders = upstreamAnswer('orders', pageSchema(orderSchema));

export interface OrderFilter extends PageQuery {
  /** Absent: of every customer. */
  readonly customerId?: string;
  readonly status?: OrderStatus;
}

/** order-service. It answers for any customer: who may see whose orders is decided by the gateway. */
@Injectable()
export class OrdersClient {
  readonly #upstream: UpstreamClient;

  constructor(upstreams: Upstreams) {
    this.#upstream = upstreams.client('orders');
  }

  /** Newest first. */
  async list(context: RequestContext, filter: OrderFilter): Promise<Page<Order>> {
    const call = this.#upstream.request(context, {
      method: 'GET',
      route: '/orders',
      path: '/orders',
      query: { ...filter },
    });
    const { body } = await withCursor(filter.cursor, call);
    return orders(body);
  }

  async get(context: RequestContext, id: string): Promise<Order> {
    const { body } = await this.#upstream.request(context, {
      method: 'GET',
      route: '/orders/:id',
      path: path`/orders/${id}`,
    });
    return order(body);
  }

  /** @param idempotencyKey makes the call safe to repeat; without one it is sent once */
  async create(context: RequestContext, newOrder: NewOrder, idempotencyKey?: string): Promise<Order> {
    const { body } = await this.#upstream.request(context, {
      method: 'POST',
      route: '/orders',
      path: '/orders',
      body: newOrder,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    return order(body);
  }
}
