import { type Static, type TSchema, Type } from 'typebox';
import { nullable } from './nullable.ts';

/** One page of any list, from upstreams and to clients. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; null on the last page. */
  readonly nextCursor: string | null;
}

/** Response schema of a list whose items have this schema. */
export function pageSchema<S extends TSchema>(item: S) {
  return Type.Object({ items: Type.Array(item), nextCursor: nullable(Type.String()) });
}

/** Turns every item of a page with a view; anything else the upstream's page holds is left behind. */
export function pageView<From, To>(page: Page<From>, view: (item: From) => To) {
  return { items: page.items.map((item) => view(item)), nextCursor: page.nextCursor };
}

/** Query members of every list: `limit` 1 to 100, default 20; `cursor` as the last page gave it. */
export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
};

/** Query of a list that has no filters. */
export const listQuery = Type.Object(pageQuery, { additionalProperties: false });
export type PageQuery = Static<typeof listQuery>;

/** Query of an endpoint that takes none: any parameter is refused as unknown. */
export const noQuery = Type.Object({}, { additionalProperties: false });
