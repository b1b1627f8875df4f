/** Reading a page of orders whole and in part: `npm run bench -- --micro --only=selection-reader`. */
import { Type } from 'typebox';
import { nullable } from '../nullable.ts';
import { pageSchema } from '../page.ts';
import { SelectionReader } from './selection-reader.ts';

const money = (amount: number) => ({ amount, currency: 'EUR' });
const address = {
  ...{ name: 'Elin Petit', line1: 'Cours Vert 134', line2: null, city: 'Nantes' },
  ...{ postalCode: '44304', region: null, country: 'FR' },
};
const at = (hour: number) => `2024-07-1${hour}T06:04:23Z`;
/** As large as an order of one item is at the upstream: 1.6 KB. */
const order = (index: number) => ({
  id: `ord_${index}`,
  ...{ number: `F-2024-${index}`, customerId: 'usr_premium', status: 'delivered', currency: 'EUR' },
  items: [
    {
      ...{ productId: 'prd_0261', sku: 'OUT-LUM-261', name: 'Lumen Trail Stove', quantity: 1 },
      ...{ unitPrice: money(47_090), lineTotal: money(47_090) },
      imageUrl: 'https://images.facet.example/products/prd_0261/thumbnail.webp',
      attributes: { colour: 'sand', material: 'ripstop', weightGrams: '5330' },
      costPrice: money(24_025),
    },
  ],
  itemCount: 1,
  ...{ subtotal: money(47_090), discount: money(0), shippingCost: money(0), tax: money(7_519) },
  total: money(47_090),
  ...{ shippingMethod: 'pickup', shippingAddress: address },
  billing: { address, method: { type: 'card', brand: 'Mastercard', last4: '4723' }, vatId: null },
  ...{ paymentId: `pay_${index}`, shipmentId: `shp_${index}`, customerNote: 'No invoice in the box.' },
  history: ['pending', 'paid', 'processing', 'shipped', 'delivered'].map((status, day) => ({
    status,
    at: at(day),
  })),
  ...{ placedAt: at(0), updatedAt: at(4) },
  internal: { margin: money(15_546), riskScore: 4, warehouse: 'BER-1', channel: 'web', notes: [] },
});
const moneySchema = Type.Object({ amount: Type.Integer(), currency: Type.String() });
const few = {
  id: Type.String(),
  status: Type.String(),
  itemCount: Type.Integer(),
  total: moneySchema,
  placedAt: Type.String(),
};
const line = Type.Object(few);
const detail = Type.Object({ ...few, items: Type.Unknown(), billing: Type.Unknown(), note: nullable(line) });

/** The best of several rounds: what else the machine does only adds. */
function timed(name: string, run: (round: number) => unknown): void {
  let bestUs = Infinity;
  for (let round = 0; round < 25; round++) {
    const startMs = performance.now();
    for (let index = 0; index < 4_000; index++) run(index);
    bestUs = Math.min(bestUs, ((performance.now() - startMs) / 4_000) * 1e3);
  }
  process.stdout.write(`${name.padEnd(52)}${bestUs.toFixed(2).padStart(8)} us\n`);
}

for (const count of [2, 20]) {
  const page = {
    items: Array.from({ length: count }, (_, index) => order(100_001 + index)),
    nextCursor: null,
  };
  // Several, as V8 would know all about a single one.
  const bodies = Array.from({ length: 8 }, () => Buffer.from(JSON.stringify(page)));
  const body = (index: number) => bodies[index % bodies.length] as Buffer;
  const lines = new SelectionReader(pageSchema(line));
  const details = new SelectionReader(pageSchema(detail));
  const size = `${count} orders, ${body(0).length} bytes`;
  timed(`${size}: JSON.parse`, (index) => JSON.parse(body(index).toString('utf8')) as unknown);
  timed(`${size}: five members of each`, (index) => lines.read(body(index)));
  timed(`${size}: with items and billing`, (index) => details.read(body(index)));
}
