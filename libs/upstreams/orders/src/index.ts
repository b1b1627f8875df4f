export {
  newOrderMembers,
  type NewOrder,
  type NewOrderInput,
  newOrderSchema,
  type OrderStatus,
  orderStatuses,
} from './new-order.ts';
export { type OrderSelection, selectOrder } from './order-selection.ts';
export { type Order, orderSchema } from './order.ts';
export { ownOrder } from './own-order.ts';
export { OrdersClientModule } from './orders-client.module.ts';
export { type OrderFilter, OrdersClient } from './orders.client.ts';
