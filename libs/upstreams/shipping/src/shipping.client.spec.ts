import { testContext } from '@facet/testing';
import { goldenCase } from '@facet/testing/cases';
import { type UpstreamCall, type Upstreams } from '@facet/upstream';
import { describe, expect, it } from '@jest/globals';
import { selectShipment } from './shipment-selection.ts';
import { type Shipment } from './shipment.ts';
import { ShippingClient } from './shipping.client.ts';

const { shipments } = goldenCase<{ shipments: Shipment[] }>('home', 'upstream');
const context = testContext();
/** Answers every call with these, read as the call says. */
const answering = (items: readonly unknown[]) => {
  const bytes = Buffer.from(JSON.stringify({ items, nextCursor: null }));
  const request = (_context: unknown, { reader }: UpstreamCall) =>
    Promise.resolve({ body: reader ? reader.read(bytes) : (JSON.parse(bytes.toString()) as unknown) });
  return new ShippingClient({ client: () => ({ request }) } as unknown as Upstreams);
};

describe('ShippingClient', () => {
  it('lists whole shipments', async () => {
    expect((await answering(shipments).list(context, { limit: 5 })).items).toEqual(shipments);
  });

  it('lists what is selected of them, whatever the rest is', async () => {
    const selection = selectShipment('orderId', 'tracking');
    const expected = shipments.map(({ orderId, tracking }) => ({ orderId, tracking }));
    const broken = shipments.map((shipment) => ({ ...shipment, events: 'none', status: undefined }));
    for (const items of [shipments, broken]) {
      expect((await answering(items).list(context, { limit: 5 }, selection)).items).toEqual(expected);
    }
    await expect(answering(broken).list(context, { limit: 5 })).rejects.toMatchObject({
      reason: 'upstream_protocol_error',
    });
  });
});
