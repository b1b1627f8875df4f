import { Module } from '@nestjs/common';
import { PaymentsClient } from './payments.client.ts';

@Module({ providers: [PaymentsClient], exports: [PaymentsClient] })
export class PaymentsClientModule {}
