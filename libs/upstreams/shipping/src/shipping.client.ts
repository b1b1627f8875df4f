import { type RequestContext } from '@facet/context';
import { type Page, type PageQuery, withCursor } from '@facet/shaping';
import { type UpstreamClient, Upstreams } from '@facet/upstream';
import { Injectable } from '@nestjs/common';
import { type ShipmentSelection, wholeShipment } from './shipment-selection.ts';
import { type Shipment } from './shipment.ts';

export interface ShipmentFilter extends PageQuery {
  readonly customerId?: string;
  readonly orderId?: string;
}

/** shipping-service. It answers for any customer; shipments come as their selection says, whole without one. */
@Injectable()
export class ShippingClient {
  readonly #upstream: UpstreamClient;

  constructor(upstreams: Upstreams) {
    this.#upstream = upstreams.client('shipping');
  }

  /** Newest first. */
  list(context: RequestContext, filter: ShipmentFilter): Promise<Page<Shipment>>;
  list<T>(context: RequestContext, filter: ShipmentFilter, selection: ShipmentSelection<T>): Promise<Page<T>>;
  async list(
    context: RequestContext,
    filter: ShipmentFilter,
    { shipments }: ShipmentSelection<unknown> = wholeShipment,
  ): Promise<Page<unknown>> {
    const call = this.#upstream.request(context, {
      method: 'GET',
      route: '/shipments',
      path: '/shipments',
      query: { ...filter },
      reader: shipments.reader,
    });
    const { body } = await withCursor(filter.cursor, call);
    return shipments.check(body);
  }
}
