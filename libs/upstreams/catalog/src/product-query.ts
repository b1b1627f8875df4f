import { pageQuery } from '@facet/shaping';
import { type Static, Type } from 'typebox';

/** Query of a product list. */
export const productQuery = Type.Object(
  { ...pageQuery, category: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) },
  { additionalProperties: false },
);
export type ProductQuery = Static<typeof productQuery>;
