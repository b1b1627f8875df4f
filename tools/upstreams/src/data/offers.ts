import { type Offer, type Product } from '../model.ts';
import { money } from './money.ts';
import { randomFor } from './random.ts';
import { ANCHOR_MS, DAY_MS, instant } from './time.ts';

const OFFERS = 24;
/** Prime to the number of products, so that the offers come from every category. */
const STRIDE = 37;

const offerOf = (product: Product, number: number): Offer => {
  const id = `off_${String(number).padStart(3, '0')}`;
  const random = randomFor('offer', id);
  const discountPercent = random.pick([10, 15, 20, 25, 30]);
  return {
    id,
    title: `${discountPercent} % off ${product.name}`,
    description: `For a few days ${product.name} by ${product.brand} costs less. While stocks last.`,
    productId: product.id,
    productName: product.name,
    imageUrl: `https://images.facet.example/products/${product.id}/small.webp`,
    price: money((product.price.amount * (100 - discountPercent)) / 100),
    originalPrice: product.price,
    discountPercent,
    validFrom: instant(ANCHOR_MS - random.integer(1, 10) * DAY_MS),
    validUntil: instant(ANCHOR_MS + random.integer(3, 30) * DAY_MS),
    internal: { campaign: `winter-${random.integer(1, 6)}`, budget: money(random.integer(100, 5_000) * 100) },
  };
};

export const buildOffers = (products: readonly Product[]): Offer[] =>
  Array.from({ length: OFFERS }, (_, index) => products[(index * STRIDE) % products.length])
    .filter((product) => product !== undefined)
    .map((product, index) => offerOf(product, index + 1));
