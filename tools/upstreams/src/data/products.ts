import { type Product, type ProductImage } from '../model.ts';
import { money } from './money.ts';
import { brands, colours, productLines, series, type ProductLine } from './product-lines.ts';
import { randomFor, type Random } from './random.ts';
import { ANCHOR_MS, DAY_MS, instant } from './time.ts';

const imageWidths = { thumbnail: 160, small: 480, large: 1_200, original: 3_000 } as const;

const imagesOf = (id: string, alt: string): ProductImage[] =>
  Object.entries(imageWidths).map(([size, width]) => ({
    size: size as ProductImage['size'],
    url: `https://images.facet.example/products/${id}/${size}.webp`,
    width,
    height: width,
    alt,
  }));

const describe = (random: Random, name: string, material: string, use: string): string =>
  [
    `${name} was drawn for ${use} and for the years that follow.`,
    `Its body is ${material}, finished by hand in a workshop of ${random.integer(4, 60)} people.`,
    random.pick(['It ages well and shows it.', 'It is light enough to move every day.', 'It is made to be repaired.']),
    `Every part is numbered and stays in stock for ${random.integer(8, 20)} years.`,
    random.pick(['Clean it with a damp cloth.', 'Keep it dry and out of strong sun.', 'A drop of oil once a year is enough.']),
    'It comes assembled, in a box without plastic, with a leaflet that explains care, repair and return.',
    `The warranty covers ${random.integer(2, 10)} years and passes on to whoever owns it next.`,
  ].join(' '); // prettier-ignore

const availabilityOf = (stock: number): Product['availability'] => {
  if (stock === 0) return 'out_of_stock';
  return stock < 10 ? 'low_stock' : 'in_stock';
};

const internalOf = (random: Random, priceMinor: number, stock: number): Product['internal'] => ({
  cost: money(priceMinor * (0.35 + random.fraction() * 0.3)),
  stock,
  reorderLevel: random.integer(5, 40),
  supplier: {
    id: `sup_${random.integer(10, 49)}`,
    name: `${random.pick(['Baltic', 'Alpine', 'Iberian', 'Atlantic'])} ${random.pick(['Supply', 'Works', 'Trading'])}`,
    leadTimeDays: random.integer(3, 45),
  },
});

const productOf = (line: ProductLine, noun: string, seriesName: string, number: number): Product => {
  const id = `prd_${String(number).padStart(4, '0')}`;
  const random = randomFor('product', id);
  const name = `${seriesName} ${noun}`;
  const material = random.pick(line.materials);
  const [from, to] = line.priceRange;
  const priceMinor = (from + Math.floor(random.fraction() ** 2 * (to - from))) * 100 + 90;
  const stock = random.chance(0.08) ? 0 : random.integer(1, 400);
  const createdMs = ANCHOR_MS - random.integer(560, 1_800) * DAY_MS;
  return {
    id,
    sku: `${line.code}-${seriesName.slice(0, 3).toUpperCase()}-${number}`,
    name,
    brand: random.pick(brands),
    category: line.category,
    description: describe(random, name, material, line.use),
    price: money(priceMinor),
    listPrice: random.chance(0.2) ? money(priceMinor * 1.25) : null,
    availability: availabilityOf(stock),
    images: imagesOf(id, `${name} in ${material}`),
    attributes: { colour: random.pick(colours), material, weightGrams: String(random.integer(8, 900) * 10) },
    tags: [line.category, material, random.chance(0.3) ? 'bestseller' : 'classic'],
    rating: { average: random.integer(31, 50) / 10, count: random.integer(3, 2_400) },
    createdAt: instant(createdMs),
    updatedAt: instant(createdMs + random.integer(1, 500) * DAY_MS),
    internal: internalOf(random, priceMinor, stock),
  };
};

/** Every noun of every line in every series, numbered from `prd_0001`. */
export const buildProducts = (): Product[] =>
  productLines
    .flatMap((line) => line.nouns.flatMap((noun) => series.map((name) => ({ line, noun, name }))))
    .map(({ line, noun, name }, index) => productOf(line, noun, name, index + 1));
