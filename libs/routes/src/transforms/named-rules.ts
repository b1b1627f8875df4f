import { type FieldRules } from '../declaration/fields.schema.ts';

/** One name that stands in a set of rules. */
export interface NamedRule {
  readonly rule: 'remove' | 'rename' | 'replace' | 'set' | 'allow' | 'block';
  readonly name: string;
  /** From the rules on. */
  readonly path: readonly (string | number)[];
  /** New name, for rename. */
  readonly to?: string;
  /** Text that may hold placeholders. */
  readonly text?: string;
  readonly mode?: 'overwrite' | 'append' | 'skip';
}

/** Every name a set of rules speaks of, with what it says. */
export function namedRules(rules: FieldRules): NamedRule[] {
  const lists = (['remove', 'allow', 'block'] as const).flatMap((rule) =>
    (rules[rule] ?? []).map((name, index): NamedRule => ({ rule, name, path: [rule, index] })),
  );
  const renames = Object.entries(rules.rename ?? {}).map(([name, to]): NamedRule => ({
    rule: 'rename',
    name,
    to,
    path: ['rename', name],
  }));
  const replacements = Object.entries(rules.replace ?? {}).map(([name, text]): NamedRule => ({
    rule: 'replace',
    name,
    text,
    path: ['replace', name],
  }));
  const sets = Object.entries(rules.set ?? {}).map(([name, value]): NamedRule => {
    const { value: text, mode = 'overwrite' } = typeof value === 'string' ? { value } : value;
    return { rule: 'set', name, text, mode, path: ['set', name] };
  });
  return [...lists, ...renames, ...replacements, ...sets];
}
