import { type Static, Type } from 'typebox';

/** Request schema of a login. */
export const credentialsSchema = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 200 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
);
export type Credentials = Static<typeof credentialsSchema>;

/** Request schema of a refresh and of a logout. */
export const refreshSchema = Type.Object(
  { refreshToken: Type.String({ minLength: 1, maxLength: 2_048 }) },
  { additionalProperties: false },
);
export type RefreshRequest = Static<typeof refreshSchema>;

/** What a login and a refresh answer. */
export const tokensSchema = Type.Object({
  accessToken: Type.String(),
  refreshToken: Type.String(),
  /** Seconds until the access token expires. */
  expiresIn: Type.Integer(),
});
export type Tokens = Static<typeof tokensSchema>;
