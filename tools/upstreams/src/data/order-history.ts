import { type OrderEvent, type OrderStatus } from '../model.ts';
import { type Random } from './random.ts';
import { ANCHOR_MS, HOUR_MS, instant } from './time.ts';

interface Step {
  status: OrderStatus;
  /** Hours after the order was placed, from and to. */
  hours: readonly [number, number];
}

const happyPath: readonly Step[] = [
  { status: 'paid', hours: [1, 3] },
  { status: 'processing', hours: [12, 30] },
  { status: 'shipped', hours: [48, 80] },
  { status: 'delivered', hours: [180, 220] },
];

const cancelled: readonly Step[] = [
  { status: 'paid', hours: [1, 3] },
  { status: 'cancelled', hours: [6, 20] },
];

const returned: readonly Step[] = [...happyPath, { status: 'returned', hours: [300, 500] }];

const pathOf = (random: Random): readonly Step[] => {
  const draw = random.fraction();
  if (draw < 0.06) return cancelled;
  return draw < 0.1 ? returned : happyPath;
};

/** What has happened to an order by the anchor, first to last; never empty. */
export const historyOf = (random: Random, placedMs: number): OrderEvent[] => {
  const steps = pathOf(random).map(({ status, hours }) => ({
    status,
    atMs: placedMs + random.integer(hours[0] * HOUR_MS, hours[1] * HOUR_MS),
  }));
  return [{ status: 'pending' as const, atMs: placedMs }, ...steps]
    .filter(({ atMs }) => atMs <= ANCHOR_MS)
    .map(({ status, atMs }) => ({ status, at: instant(atMs) }));
};
