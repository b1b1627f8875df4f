import { type Static, Type } from 'typebox';

/** Path parameters of every `/:id`: letters, digits, `_` and `-`, at most 64. */
export const idParams = Type.Object(
  { id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) },
  { additionalProperties: false },
);
export type IdParams = Static<typeof idParams>;
