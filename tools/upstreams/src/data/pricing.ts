import { type Money, type Order, type OrderItem, type Product, type ShippingMethod } from '../model.ts';
import { money, sum } from './money.ts';

const FREE_SHIPPING_FROM = 5_000;
const SHIPPING_COST: Record<ShippingMethod, number> = { standard: 495, express: 1_190, pickup: 0 };
const TAX_PERCENT = 19;

export const priceItem = (product: Product, quantity: number): OrderItem => ({
  productId: product.id,
  sku: product.sku,
  name: product.name,
  quantity,
  unitPrice: product.price,
  lineTotal: money(product.price.amount * quantity),
  imageUrl: product.images[0]?.url ?? '',
  attributes: product.attributes,
  costPrice: product.internal.cost,
});

type Totals = Pick<Order, 'itemCount' | 'subtotal' | 'discount' | 'shippingCost' | 'tax' | 'total'> & {
  margin: Money;
};

const shippingCostOf = (method: ShippingMethod, subtotal: Money): Money => {
  const isFree = method === 'standard' && subtotal.amount >= FREE_SHIPPING_FROM;
  return money(isFree ? 0 : SHIPPING_COST[method]);
};

export const priceOrder = (
  items: readonly OrderItem[],
  method: ShippingMethod,
  discountPercent: number,
): Totals => {
  const subtotal = sum(items.map((item) => item.lineTotal));
  const discount = money((subtotal.amount * discountPercent) / 100);
  const shippingCost = shippingCostOf(method, subtotal);
  const total = money(subtotal.amount - discount.amount + shippingCost.amount);
  const cost = sum(items.map((item) => money(item.costPrice.amount * item.quantity)));
  const tax = money((total.amount * TAX_PERCENT) / (100 + TAX_PERCENT));
  return {
    itemCount: items.reduce((count, item) => count + item.quantity, 0),
    subtotal,
    discount,
    shippingCost,
    tax,
    total,
    margin: money(total.amount - tax.amount - cost.amount),
  };
};
