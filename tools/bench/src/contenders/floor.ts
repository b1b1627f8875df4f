/** The floor: what Node itself needs to fetch, parse, pick and stringify. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Pool } from 'undici';

interface Order {
  id: string;
  status: string;
  total: { amount: number; currency: string };
  itemCount: number;
  placedAt: string;
}

const pool = new Pool(process.env['UPSTREAM_URL'] ?? '');
const server = createServer((_request, response) => {
  void pool.request({ path: '/orders', method: 'GET' }).then(async ({ body }) => {
    const { items } = (await body.json()) as { items: Order[] };
    const picked = items.map(({ id, status, total, itemCount, placedAt }) => ({
      id,
      status,
      total: total.amount,
      currency: total.currency,
      itemCount,
      placedAt,
    }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ items: picked }));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
