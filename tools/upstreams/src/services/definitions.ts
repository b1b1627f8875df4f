import { type ServiceDefinition } from '../http/service.ts';
import { type ServiceName } from '../model.ts';
import { authService } from './auth/auth.ts';
import { catalogService } from './catalog.ts';
import { ordersService } from './orders.ts';
import { paymentsService } from './payments.ts';
import { shippingService } from './shipping.ts';
import { createStore } from './store.ts';
import { usersService } from './users.ts';

/** The service list of the dev stack, in the order they start; the port of each is fixed by contract. */
export const defaultPorts: Readonly<Record<ServiceName, number>> = {
  auth: 4001,
  orders: 4002,
  payments: 4003,
  shipping: 4004,
  catalog: 4005,
  users: 4006,
};

export const serviceNames = Object.keys(defaultPorts) as ServiceName[];

/** All six over one fresh store. */
export const createDefinitions = async (
  issuer: () => string,
): Promise<Record<ServiceName, ServiceDefinition>> => {
  const store = createStore();
  return {
    auth: await authService(issuer),
    orders: ordersService(store),
    payments: paymentsService(store),
    shipping: shippingService(store),
    catalog: catalogService(store),
    users: usersService(store),
  };
};
