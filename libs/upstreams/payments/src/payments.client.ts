import { type RequestContext } from '@facet/context';
import { upstreamAnswer } from '@facet/shaping';
import { type UpstreamClient, Upstreams } from '@facet/upstream';
import { Injectable } from '@nestjs/common';
import { type NewCharge, type Payment, paymentSchema } from './payment.ts';

const payment = upstreamAnswer('payments', paymentSchema);

/** payment-service. */
@Injectable()
export class PaymentsClient {
  readonly #upstream: UpstreamClient;

  constructor(upstreams: Upstreams) {
    this.#upstream = upstreams.client('payments');
  }

  /** @param idempotencyKey makes the call safe to repeat; without one it is sent once */
  async charge(context: RequestContext, charge: NewCharge, idempotencyKey?: string): Promise<Payment> {
    const { body } = await this.#upstream.request(context, {
      method: 'POST',
      route: '/charges',
      path: '/charges',
      body: charge,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    return payment.check(body);
  }
}
