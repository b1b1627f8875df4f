import { Module } from '@nestjs/common';
import { OrdersClient } from './orders.client.ts';

@Module({ providers: [OrdersClient], exports: [OrdersClient] })
export class OrdersClientModule {}
