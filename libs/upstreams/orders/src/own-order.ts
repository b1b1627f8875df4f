import { type Principal } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type Order } from './order.ts';

/**
 * Lets an order pass to the customer it belongs to.
 * @throws GatewayError `not_found` for everybody else, as for an order that does not exist
 */
export function ownOrder<T extends Pick<Order, 'customerId'>>(order: T, { subject }: Principal): T {
  if (subject === '' || order.customerId !== subject) throw new GatewayError('not_found');
  return order;
}
