import { type FieldRules } from '../declaration/fields.schema.ts';
import { compileFieldRules, type Field, type FieldVocabulary } from './field-rules.ts';
import { type TemplateScope, type TemplateValues } from './template.ts';

/** Names compare decoded; what no rule touches keeps its bytes. The `=` belongs to the value, so that `a` stays `a`. */
const queryVocabulary: FieldVocabulary = {
  keyOf: (name) => decodeName(name),
  toName: (declared) => encodeURIComponent(declared),
  toValue: (rendered) => `=${encodeURIComponent(rendered.toWellFormed())}`,
  isAlwaysAllowed: () => false,
};

/** Makes the query of one request, without `?`, from the one that came. */
export type QueryTransform = (query: string, values: TemplateValues) => string;

/** Compiles rules for the query. */
export function compileQueryRules(
  rules: FieldRules | undefined,
  scope: TemplateScope,
): QueryTransform | undefined {
  const transform = compileFieldRules(rules, queryVocabulary, scope);
  return transform && ((query, values) => join(transform(split(query), values)));
}

function split(query: string): Field[] {
  if (query === '') return [];
  return query.split('&').map((piece) => {
    const equals = piece.indexOf('=');
    return equals === -1 ? [piece, ''] : [piece.slice(0, equals), piece.slice(equals)];
  });
}

function join(fields: readonly Field[]): string {
  return fields.map(([name, value]) => name + value).join('&');
}

/** `%61` is `a` and `+` a space, as in forms: a rule meets every spelling of its name. */
function decodeName(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
