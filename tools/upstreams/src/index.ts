export { createDevStack, type DevStack, type DevStackOptions, startDevStack } from './dev-stack.ts';
export { DEMO_PASSWORD, identities, type Identity } from './data/identities.ts';
export { buildDataset, type Dataset } from './data/dataset.ts';
export { type Faults } from './http/faults.ts';
export { type Service } from './http/service.ts';
export { type LastRequest, type TrafficStats } from './http/traffic.ts';
export { defaultPorts, serviceNames } from './services/definitions.ts';
export {
  type AccessTokenClaims,
  type Address,
  type Credentials,
  type Money,
  type NewCharge,
  type NewOrder,
  type Offer,
  type Order,
  type OrderItem,
  type OrderStatus,
  type Page,
  type Payment,
  type Product,
  type RefreshRequest,
  type ServiceName,
  type Shipment,
  type ShipmentStatus,
  type Tier,
  type Tokens,
  type UpstreamProblem,
  type User,
} from './model.ts';
