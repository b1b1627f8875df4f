import fastJson from 'fast-json-stringify';
import { type TSchema } from 'typebox';

/** What a client gets of a value through the compiled serializer of its response schema. */
export function serialized(schema: TSchema, value: unknown): unknown {
  return JSON.parse(fastJson(schema as object)(value));
}

/** The same value after its upstream has learnt a new member, `addedLater`, in every object of it. */
export function grown<T>(value: T): T {
  return grow(value) as T;
}

function grow(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(grow);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, grow(member)] as const);
  return { ...Object.fromEntries(members), addedLater: 'new' };
}
