import { type Money } from '../model.ts';

const CURRENCY = 'EUR';

/** The shop keeps its books in one currency; `amount` is rounded to whole minor units. */
export const money = (amount: number): Money => ({ amount: Math.round(amount), currency: CURRENCY });

export const sum = (amounts: readonly Money[]): Money =>
  money(amounts.reduce((total, { amount }) => total + amount, 0));
