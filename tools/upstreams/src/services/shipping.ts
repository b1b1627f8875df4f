import { ok } from '../http/exchange.ts';
import { readOneOf, readText } from '../http/query.ts';
import { type ServiceDefinition } from '../http/service.ts';
import { type Shipment, type ShipmentStatus } from '../model.ts';
import { type Store } from './store.ts';

const statuses: readonly ShipmentStatus[] = [
  'label_created',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'returned',
];

export const shippingService = (store: Store): ServiceDefinition => ({
  name: 'shipping',
  routes: {
    'GET /shipments': (inbound) => {
      const orderId = readText(inbound, 'orderId');
      const customerId = readText(inbound, 'customerId');
      const status = readOneOf(inbound, 'status', statuses);
      const matches = (shipment: Shipment): boolean =>
        (orderId === undefined || shipment.orderId === orderId) &&
        (customerId === undefined || shipment.customerId === customerId) &&
        (status === undefined || shipment.status === status);
      return ok(store.shipments.page(inbound, matches));
    },
    'GET /shipments/:id': ({ params }) => ok(store.shipments.get(params['id'] ?? '')),
  },
});
