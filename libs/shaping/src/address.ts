import { type Static, Type } from 'typebox';
import { nullable } from './nullable.ts';

/** Members of a postal address; `country` is ISO 3166-1 alpha-2. */
export const addressMembers = {
  name: Type.String(),
  line1: Type.String(),
  line2: nullable(Type.String()),
  city: Type.String(),
  postalCode: Type.String(),
  region: nullable(Type.String()),
  country: Type.String(),
};

/** A postal address in an answer. */
export const addressSchema = Type.Object(addressMembers);
export type Address = Static<typeof addressSchema>;

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

/** A postal address a client sends. */
export const addressInput = Type.Object(
  {
    name: text(100),
    line1: text(200),
    line2: nullable(text(200)),
    city: text(100),
    postalCode: text(20),
    region: nullable(text(100)),
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
  },
  { additionalProperties: false },
);
