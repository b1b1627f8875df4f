import { cacheable } from '../http/cacheable.ts';
import { readText } from '../http/query.ts';
import { type ServiceDefinition } from '../http/service.ts';
import { type Store } from './store.ts';

const PRODUCTS_MAX_AGE_SECONDS = 3_600;
const OFFERS_MAX_AGE_SECONDS = 300;

export const catalogService = (store: Store): ServiceDefinition => ({
  name: 'catalog',
  routes: {
    'GET /products': (inbound) => {
      const category = readText(inbound, 'category');
      const page = store.products.page(
        inbound,
        (product) => category === undefined || product.category === category,
      );
      return cacheable(inbound, page, PRODUCTS_MAX_AGE_SECONDS);
    },
    'GET /products/:id': (inbound) =>
      cacheable(inbound, store.products.get(inbound.params['id'] ?? ''), PRODUCTS_MAX_AGE_SECONDS),
    'GET /offers': (inbound) => cacheable(inbound, store.offers.page(inbound), OFFERS_MAX_AGE_SECONDS),
  },
});
