import { type RequestContext } from '@facet/context';
import { type Page, type PageQuery, pageSchema, upstreamAnswer, withCursor } from '@facet/shaping';
import { type UpstreamClient, Upstreams } from '@facet/upstream';
import { Injectable } from '@nestjs/common';
import { type Shipment, shipmentSchema } from './shipment.ts';

const shipments = upstreamAnswer('shipping', pageSchema(shipmentSchema));

export interface ShipmentFilter extends PageQuery {
  readonly customerId?: string;
  readonly orderId?: string;
}

/** shipping-service. It answers for any customer. */
@Injectable()
export class ShippingClient {
  readonly #upstream: UpstreamClient;

  constructor(upstreams: Upstreams) {
    this.#upstream = upstreams.client('shipping');
  }

  /** Newest first. */
  async list(context: RequestContext, filter: ShipmentFilter): Promise<Page<Shipment>> {
    const call = this.#upstream.request(context, {
      method: 'GET',
      route: '/shipments',
      path: '/shipments',
      query: { ...filter },
    });
    const { body } = await withCursor(filter.cursor, call);
    return shipments(body);
  }
}
