import { type Static, type TProperties, Type } from 'typebox';

/** An object of exactly these members. */
export const closed = <P extends TProperties>(properties: P, description?: string) =>
  Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });

const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description });
const byName = <S extends Parameters<typeof Type.Record>[1]>(value: S, description: string) =>
  Type.Record(Type.String({ minLength: 1 }), value, { minProperties: 1, description });

const templateNote = 'may hold ${principal.…}, ${params.…} and ${config.…}';

/**
 * Rules for header fields or query parameters. They are applied in the order of this list, whatever the order in the
 * file: remove, rename, replace, set, allow, block.
 */
export const fieldRulesSchema = closed(
  {
    remove: Type.Optional(names('a list of names to drop')),
    rename: Type.Optional(byName(Type.String({ minLength: 1 }), 'names: from: to')),
    replace: Type.Optional(
      byName(Type.String(), `names with a value for those present: name: value; ${templateNote}`),
    ),
    set: Type.Optional(
      byName(
        Type.Union(
          [
            Type.String(),
            closed({
              value: Type.String({ description: `a text; ${templateNote}` }),
              mode: Type.Optional(
                Type.Enum(['overwrite', 'append', 'skip'], {
                  description: 'overwrite (default), append (one more), or skip (only if absent)',
                }),
              ),
            }),
          ],
          { description: `a text, or { value, mode: overwrite | append | skip }; ${templateNote}` },
        ),
        'names with what they become: name: { value, mode }',
      ),
    ),
    allow: Type.Optional(names('a list of names: all others are dropped')),
    block: Type.Optional(names('a list of names to drop last of all')),
  },
  'rules: remove, rename, replace, set, allow, block, applied in this order',
);

/** What a request or response may be changed by. */
export type FieldRules = Static<typeof fieldRulesSchema>;
