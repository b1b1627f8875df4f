import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';

/**
 * The same schema, or null. Uses the keyword `nullable`, which both Ajv and Fastify's serializer know and compile to
 * one test; a union would make the serializer validate every value.
 */
export function nullable<S extends TSchema>(schema: S): TUnsafe<Static<S> | null> {
  return Type.Unsafe<Static<S> | null>({ ...schema, nullable: true });
}
