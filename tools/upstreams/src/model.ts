/**
 * What the dev stack's services answer, member by member.
 * Instants are RFC 3339 in UTC; money is an integer number of minor units plus its currency.
 * Members named `internal` or `costPrice` are for staff only: a gateway for customers must never show them.
 */
export type ServiceName = 'auth' | 'orders' | 'payments' | 'shipping' | 'catalog' | 'users';

export type Tier = 'free' | 'paid' | 'premium' | 'enterprise';

export interface Money {
  /** Minor units (cents), an integer. */
  amount: number;
  /** ISO 4217. */
  currency: string;
}

/** Every list of every service: `nextCursor` is null on the last page, `total` counts all that match. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
  total: number;
}

/** Every error of every service, as `application/problem+json`. */
export interface UpstreamProblem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  /** One line per fault of the input; only on 400. */
  errors?: string[];
}

export interface Address {
  name: string;
  line1: string;
  line2: string | null;
  city: string;
  postalCode: string;
  region: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

// orders: GET /orders -> Page<Order>, GET /orders/:id -> Order, POST /orders NewOrder -> 201 Order

export type OrderStatus =
  'pending' | 'paid' | 'processing' | 'shipped' | 'delivered' | 'cancelled' | 'returned';

export type ShippingMethod = 'standard' | 'express' | 'pickup';

export interface OrderItem {
  productId: string;
  sku: string;
  name: string;
  quantity: number;
  unitPrice: Money;
  lineTotal: Money;
  imageUrl: string;
  attributes: Record<string, string>;
  /** Internal. */
  costPrice: Money;
}

export interface PaymentMethod {
  type: 'card' | 'paypal' | 'invoice';
  brand: string | null;
  last4: string | null;
}

export interface Billing {
  address: Address;
  /** Null until the order is paid. */
  method: PaymentMethod | null;
  vatId: string | null;
}

export interface OrderEvent {
  status: OrderStatus;
  at: string;
}

export interface OrderInternal {
  margin: Money;
  /** 0 (safe) to 100. */
  riskScore: number;
  warehouse: string;
  channel: string;
  pickerId: string | null;
  notes: string[];
}

export interface Order {
  id: string;
  number: string;
  customerId: string;
  status: OrderStatus;
  currency: string;
  items: OrderItem[];
  /** The sum of the quantities. */
  itemCount: number;
  subtotal: Money;
  discount: Money;
  shippingCost: Money;
  /** Contained in `total`. */
  tax: Money;
  /** subtotal - discount + shippingCost. */
  total: Money;
  shippingMethod: ShippingMethod;
  shippingAddress: Address;
  billing: Billing;
  paymentId: string | null;
  shipmentId: string | null;
  customerNote: string | null;
  history: OrderEvent[];
  placedAt: string;
  updatedAt: string;
  internal: OrderInternal;
}

export interface NewOrderItem {
  productId: string;
  /** 1 to 99. */
  quantity: number;
}

export interface NewOrder {
  customerId: string;
  /** 1 to 50. */
  items: NewOrderItem[];
  /** The customer's default address when absent. */
  shippingAddress?: Address;
  /** `standard` when absent. */
  shippingMethod?: ShippingMethod;
  customerNote?: string;
}

// payments: POST /charges NewCharge -> 201 Payment, GET /payments/:id -> Payment

export type PaymentStatus = 'captured' | 'declined' | 'refunded';

export interface PaymentInternal {
  processor: string;
  processorReference: string;
  fee: Money;
  /** 0 (safe) to 100. */
  fraudScore: number;
}

export interface Payment {
  id: string;
  orderId: string | null;
  customerId: string | null;
  status: PaymentStatus;
  amount: Money;
  method: PaymentMethod;
  description: string | null;
  createdAt: string;
  internal: PaymentInternal;
}

export interface NewCharge {
  /** Minor units, 1 to 100,000,000. */
  amount: number;
  /** ISO 4217. */
  currency: string;
  orderId?: string;
  /** The `X-User-ID` header when absent. */
  customerId?: string;
  description?: string;
}

// shipping: GET /shipments -> Page<Shipment>, GET /shipments/:id -> Shipment

export type ShipmentStatus = 'label_created' | 'in_transit' | 'out_for_delivery' | 'delivered' | 'returned';

export interface ShipmentEvent {
  at: string;
  status: ShipmentStatus;
  location: string;
  description: string;
}

export interface ShipmentInternal {
  cost: Money;
  warehouse: string;
  labelBatch: string;
  contractId: string;
}

export interface Shipment {
  id: string;
  orderId: string;
  customerId: string;
  status: ShipmentStatus;
  carrier: string;
  service: ShippingMethod;
  tracking: { number: string; url: string };
  estimatedDelivery: string;
  deliveredAt: string | null;
  weightGrams: number;
  destination: Address;
  events: ShipmentEvent[];
  createdAt: string;
  internal: ShipmentInternal;
}

// catalog: GET /products -> Page<Product>, GET /products/:id -> Product, GET /offers -> Page<Offer>

export interface ProductImage {
  size: 'thumbnail' | 'small' | 'large' | 'original';
  url: string;
  width: number;
  height: number;
  alt: string;
}

export interface ProductInternal {
  cost: Money;
  stock: number;
  reorderLevel: number;
  supplier: { id: string; name: string; leadTimeDays: number };
}

export interface Product {
  id: string;
  sku: string;
  name: string;
  brand: string;
  category: string;
  description: string;
  price: Money;
  /** The price before a reduction; null when there is none. */
  listPrice: Money | null;
  availability: 'in_stock' | 'low_stock' | 'out_of_stock';
  images: ProductImage[];
  attributes: Record<string, string>;
  tags: string[];
  /** `average` is 1.0 to 5.0. */
  rating: { average: number; count: number };
  createdAt: string;
  updatedAt: string;
  internal: ProductInternal;
}

export interface Offer {
  id: string;
  title: string;
  description: string;
  productId: string;
  productName: string;
  imageUrl: string;
  price: Money;
  originalPrice: Money;
  discountPercent: number;
  validFrom: string;
  validUntil: string;
  internal: { campaign: string; budget: Money };
}

// users: GET /users -> Page<User>, GET /users/:id -> User

export interface SavedAddress extends Address {
  id: string;
  label: string;
  isDefault: boolean;
}

export interface Preferences {
  language: string;
  currency: string;
  theme: 'light' | 'dark' | 'system';
  newsletter: boolean;
  notifications: { email: boolean; push: boolean; sms: boolean };
}

export interface UserInternal {
  /** 0 (safe) to 100. */
  riskScore: number;
  segment: string;
  lifetimeValue: Money;
  supportNotes: string[];
}

export interface User {
  /** Equal to the `sub` of the user's tokens. */
  id: string;
  displayName: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  avatarUrl: string;
  tier: Tier;
  addresses: SavedAddress[];
  preferences: Preferences;
  createdAt: string;
  updatedAt: string;
  internal: UserInternal;
}

// auth: POST /login Credentials -> Tokens, POST /refresh RefreshRequest -> Tokens,
//       POST /logout RefreshRequest -> 204, DELETE /sessions/:subject -> { revoked }

export interface Credentials {
  username: string;
  password: string;
}

export interface RefreshRequest {
  refreshToken: string;
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
}

/** Claims of an access token; its header is `{ alg: ES256, typ: at+jwt, kid }`. */
export interface AccessTokenClaims {
  iss: string;
  aud: 'facet';
  sub: string;
  tier: Tier;
  /** Space separated. */
  scope: string;
  roles: string[];
  /** The session a refresh token belongs to. */
  sid: string;
  iat: number;
  exp: number;
  jti: string;
}
