import { Module } from '@nestjs/common';
import { ShippingClient } from './shipping.client.ts';

@Module({ providers: [ShippingClient], exports: [ShippingClient] })
export class ShippingClientModule {}
