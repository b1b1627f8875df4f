import { type Static, type TObject, type TUnsafe, Type } from 'typebox';

/** The same object with these members alone. */
export function picked<S extends TObject, K extends string & keyof Static<S>>(
  { properties }: S,
  names: readonly K[],
): TUnsafe<Pick<Static<S>, K>> {
  const wanted = Object.entries(properties).filter(([name]) => (names as readonly string[]).includes(name));
  return Type.Unsafe(Type.Object(Object.fromEntries(wanted)));
}
