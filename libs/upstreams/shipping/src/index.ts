export { selectShipment, type ShipmentSelection } from './shipment-selection.ts';
export { type Shipment, shipmentSchema } from './shipment.ts';
export { ShippingClientModule } from './shipping-client.module.ts';
export { type ShipmentFilter, ShippingClient } from './shipping.client.ts';
