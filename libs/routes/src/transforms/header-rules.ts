import { GatewayError } from '@facet/errors';
import { type FieldRules } from '../declaration/fields.schema.ts';
import { compileFieldRules, type FieldTransform, type FieldVocabulary } from './field-rules.ts';
import { type TemplateScope } from './template.ts';

/** Fields of the message's frame: no rule may name them, and no allow list drops them. */
const framing = new Set(['content-length', 'transfer-encoding']);

const headerVocabulary: FieldVocabulary = {
  keyOf: (name) => name.toLowerCase(),
  toName: (declared) => declared.toLowerCase(),
  toValue: (rendered) => fieldValue(rendered),
  isAlwaysAllowed: (key) => framing.has(key),
};

/** Compiles rules for header fields; names are compared without case. */
export function compileHeaderRules(
  rules: FieldRules | undefined,
  scope: TemplateScope,
): FieldTransform | undefined {
  return compileFieldRules(rules, headerVocabulary, scope);
}

/**
 * A text as a field value: beyond ASCII in UTF-8, byte by byte, as Node sends strings.
 * @throws `malformed_request` when a principal or parameter brought a control character: it would end the field
 */
function fieldValue(text: string): string {
  if (/^[\t\x20-\x7e]*$/.test(text)) return text;
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) throw new GatewayError('malformed_request');
  return Buffer.from(text, 'utf8').toString('latin1');
}
