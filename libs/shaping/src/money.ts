import { type Static, Type } from 'typebox';

/** An amount in minor units (cents) and its ISO 4217 currency. */
export const moneySchema = Type.Object({ amount: Type.Integer(), currency: Type.String() });
export type Money = Static<typeof moneySchema>;

/** The same amount as people write it; never a float. */
export const decimalMoneySchema = Type.Object({
  amount: Type.String({ description: 'decimal, `129.90`' }),
  currency: Type.String({ description: 'ISO 4217' }),
});
export type DecimalMoney = Static<typeof decimalMoneySchema>;

/** Two decimals are what currencies have unless ISO 4217 says otherwise. */
const DEFAULT_DIGITS = 2;
const digitsOf = new Map<string, number>();

/** `12990 EUR` as `129.90`, `500 JPY` as `500`: a decimal string, exact at any size. */
export function decimalAmount({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const sign = amount < 0 ? '-' : '';
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `12990 EUR` as `{ amount: '129.90', currency: 'EUR' }`. */
export function decimalMoney(money: Money): DecimalMoney {
  return { amount: decimalAmount(money), currency: money.currency };
}

function minorDigits(currency: string): number {
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  // The upstream's word decides the key, so only what looks like a currency is kept: at most 26^3 entries.
  if (!/^[A-Z]{3}$/.test(currency)) return DEFAULT_DIGITS;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? DEFAULT_DIGITS;
  digitsOf.set(currency, digits);
  return digits;
}
