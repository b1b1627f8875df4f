import { AcceptCredentials, RequireScopes } from '@facet/auth';
import { type RequestContext } from '@facet/context';
import { Answers, Context, ValidBody, ValidQuery } from '@facet/http';
import { idempotencyKey, noQuery, outage } from '@facet/shaping';
import { Limits } from '@facet/throttling';
import { chargeLimits, type NewCharge, newChargeSchema, PaymentsClient } from '@facet/upstreams-payments';
import { Controller, Headers, Post } from '@nestjs/common';
import { paymentSchema, paymentView } from './payment.view.ts';

@Controller('payments')
export class PaymentsController {
  constructor(private readonly payments: PaymentsClient) {}

  /** Charges once per `Idempotency-Key`; without one it is never sent twice. */
  @Post('charge')
  @AcceptCredentials('apiKey')
  @RequireScopes('payments:write')
  @Limits(chargeLimits)
  @Answers(paymentSchema, { status: 201 })
  async charge(
    @Context() context: RequestContext,
    @ValidQuery(noQuery) _query: unknown,
    @ValidBody(newChargeSchema) charge: NewCharge,
    @Headers('idempotency-key') keyField: unknown,
  ) {
    const key = idempotencyKey(keyField);
    try {
      return paymentView(await this.payments.charge(context, charge, key));
    } catch (error) {
      throw outage(error, { userMessage: 'payment_unavailable', covers: 'refused' });
    }
  }
}
