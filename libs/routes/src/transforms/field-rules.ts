import { type FieldRules } from '../declaration/fields.schema.ts';
import {
  compileTemplate,
  render,
  type Template,
  type TemplateScope,
  type TemplateValues,
} from './template.ts';

/** A header field or query parameter, as it goes over the wire. Order and repetitions have a meaning. */
export type Field = [name: string, value: string];

/** Rules compiled for one route; makes a new list. */
export type FieldTransform = (fields: readonly Field[], values: TemplateValues) => Field[];

/** How header fields and query parameters differ. */
export interface FieldVocabulary {
  /** What names are compared by. */
  keyOf(name: string): string;
  toName(declared: string): string;
  toValue(rendered: string): string;
  /** Passes an allow list unnamed. */
  isAlwaysAllowed(key: string): boolean;
}

/**
 * Compiles rules into their steps, in the one order: remove, rename, replace, set, allow, block.
 * @returns undefined when there is nothing to do
 */
export function compileFieldRules(
  rules: FieldRules | undefined,
  vocabulary: FieldVocabulary,
  scope: TemplateScope,
): FieldTransform | undefined {
  if (!rules) return undefined;
  const steps = [
    rules.remove && drop(vocabulary, rules.remove),
    rules.rename && rename(vocabulary, rules.rename),
    rules.replace && replace(vocabulary, templates(rules.replace, scope)),
    ...Object.entries(rules.set ?? {}).map(([name, rule]) => {
      const { value, mode = 'overwrite' } = typeof rule === 'string' ? { value: rule } : rule;
      return set[mode](vocabulary, name, compileTemplate(value, scope));
    }),
    rules.allow && keep(vocabulary, rules.allow),
    rules.block && drop(vocabulary, rules.block),
  ].filter((step) => step !== undefined);
  if (steps.length === 0) return undefined;
  return (fields, values) => steps.reduce<Field[]>((list, step) => step(list, values), fields as Field[]);
}

function keys(vocabulary: FieldVocabulary, names: readonly string[]): Set<string> {
  return new Set(names.map((name) => vocabulary.keyOf(vocabulary.toName(name))));
}

function templates(texts: Readonly<Record<string, string>>, scope: TemplateScope): [string, Template][] {
  return Object.entries(texts).map(([name, text]) => [name, compileTemplate(text, scope)]);
}

function drop(vocabulary: FieldVocabulary, names: readonly string[]): FieldTransform {
  const dropped = keys(vocabulary, names);
  return (fields) => fields.filter(([name]) => !dropped.has(vocabulary.keyOf(name)));
}

function keep(vocabulary: FieldVocabulary, names: readonly string[]): FieldTransform {
  const kept = keys(vocabulary, names);
  return (fields) =>
    fields.filter(([name]) => {
      const key = vocabulary.keyOf(name);
      return kept.has(key) || vocabulary.isAlwaysAllowed(key);
    });
}

function rename(vocabulary: FieldVocabulary, names: Readonly<Record<string, string>>): FieldTransform {
  const renamed = new Map(
    Object.entries(names).map(([from, to]) => [
      vocabulary.keyOf(vocabulary.toName(from)),
      vocabulary.toName(to),
    ]),
  );
  return (fields) => fields.map(([name, value]) => [renamed.get(vocabulary.keyOf(name)) ?? name, value]);
}

function replace(vocabulary: FieldVocabulary, values: readonly [string, Template][]): FieldTransform {
  const steps = values.map(([name, template]) => ({
    key: vocabulary.keyOf(vocabulary.toName(name)),
    overwrite: set.overwrite(vocabulary, name, template),
  }));
  return (fields, given) =>
    steps.reduce<Field[]>(
      (list, { key, overwrite }) =>
        list.some(([name]) => vocabulary.keyOf(name) === key) ? overwrite(list, given) : list,
      fields as Field[],
    );
}

type SetRule = (vocabulary: FieldVocabulary, name: string, template: Template) => FieldTransform;

const set: Record<'overwrite' | 'append' | 'skip', SetRule> = {
  /** Takes the place of the first of that name; the others go. */
  overwrite: (vocabulary, declared, template) => {
    const name = vocabulary.toName(declared);
    const key = vocabulary.keyOf(name);
    return (fields, values) => {
      const field: Field = [name, vocabulary.toValue(render(template, values))];
      const first = fields.findIndex(([other]) => vocabulary.keyOf(other) === key);
      if (first === -1) return [...fields, field];
      return fields.flatMap((other, index) =>
        index === first ? [field] : vocabulary.keyOf(other[0]) === key ? [] : [other],
      );
    };
  },
  append: (vocabulary, declared, template) => {
    const name = vocabulary.toName(declared);
    return (fields, values) => [...fields, [name, vocabulary.toValue(render(template, values))]];
  },
  skip: (vocabulary, declared, template) => {
    const key = vocabulary.keyOf(vocabulary.toName(declared));
    const append = set.append(vocabulary, declared, template);
    return (fields, values) =>
      fields.some(([name]) => vocabulary.keyOf(name) === key) ? (fields as Field[]) : append(fields, values);
  },
};
