import { describe, expect, it } from '@jest/globals';
import { anonymous } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type TemplateValues } from './template.ts';
import { type FieldRules } from '../declaration/fields.schema.ts';
import { type Field } from './field-rules.ts';
import { compileHeaderRules } from './header-rules.ts';

const values: TemplateValues = {
  principal: { ...anonymous, kind: 'bearer', subject: 'ann', tier: 'paid', scopes: ['a', 'b'] },
  param: (name: string) => ({ id: '42', city: 'Zürich' })[name] ?? '',
};
const scope = { params: ['id', 'city'], config: { token: 's3cret' } };

function apply(rules: FieldRules, fields: Field[], given = values): Field[] {
  const transform = compileHeaderRules(rules, scope);
  return transform ? transform(fields, given) : fields;
}

describe('header rules', () => {
  it('leave out what is off', () => {
    expect(compileHeaderRules(undefined, scope)).toBeUndefined();
    expect(compileHeaderRules({}, scope)).toBeUndefined();
  });

  it('remove every field of a name, in any case, and keep the order of the others', () => {
    expect(
      apply({ remove: ['x-a'] }, [
        ['B', '1'],
        ['X-A', '2'],
        ['C', '3'],
        ['x-a', '4'],
        ['B', '5'],
      ]),
    ).toEqual([
      ['B', '1'],
      ['C', '3'],
      ['B', '5'],
    ]);
  });

  it('rename in place', () => {
    expect(
      apply({ rename: { 'X-Old': 'X-New' } }, [
        ['x-old', '1'],
        ['b', '2'],
        ['X-OLD', '3'],
      ]),
    ).toEqual([
      ['x-new', '1'],
      ['b', '2'],
      ['x-new', '3'],
    ]);
  });

  it('replace only what is there', () => {
    expect(
      apply({ replace: { a: 'new' } }, [
        ['A', '1'],
        ['b', '2'],
        ['a', '3'],
      ]),
    ).toEqual([
      ['a', 'new'],
      ['b', '2'],
    ]);
    expect(apply({ replace: { a: 'new' } }, [['b', '2']])).toEqual([['b', '2']]);
  });

  it('set by overwrite, append or skip', () => {
    const fields: Field[] = [
      ['a', '1'],
      ['b', '2'],
      ['A', '3'],
    ];
    expect(apply({ set: { a: 'x' } }, fields)).toEqual([
      ['a', 'x'],
      ['b', '2'],
    ]);
    expect(apply({ set: { a: { value: 'x', mode: 'append' } } }, fields)).toEqual([...fields, ['a', 'x']]);
    expect(apply({ set: { a: { value: 'x', mode: 'skip' } } }, fields)).toEqual(fields);
    expect(apply({ set: { c: { value: 'x', mode: 'skip' } } }, fields)).toEqual([...fields, ['c', 'x']]);
  });

  it('allow the named ones and the frame of the message, and block last', () => {
    const fields: Field[] = [
      ['Accept', '*/*'],
      ['Content-Length', '5'],
      ['x-a', '1'],
      ['x-b', '2'],
    ];
    expect(apply({ allow: ['accept', 'x-a'], block: ['x-a'] }, fields)).toEqual([
      ['Accept', '*/*'],
      ['Content-Length', '5'],
    ]);
  });

  it('work in the one order, whatever the order in the file', () => {
    const rules: FieldRules = {
      block: ['d'],
      set: { c: { value: 'set', mode: 'append' } },
      replace: { b: 'replaced' },
      rename: { a: 'b' },
      remove: ['gone'],
    };
    expect(
      apply(rules, [
        ['a', '1'],
        ['gone', '2'],
        ['d', '3'],
      ]),
    ).toEqual([
      ['b', 'replaced'],
      ['c', 'set'],
    ]);
  });

  it('do not change the list they are given', () => {
    const fields: Field[] = [['a', '1']];
    apply({ remove: ['a'], set: { b: 'x' } }, fields);
    expect(fields).toEqual([['a', '1']]);
  });

  it('fill templates from principal, parameters and config', () => {
    const set = {
      'x-a': '${principal.subject}/${principal.tier} ${principal.scopes}',
      'x-b': 'Bearer ${config.token}',
      'x-c': '${params.id}',
    };
    expect(apply({ set }, [])).toEqual([
      ['x-a', 'ann/paid a b'],
      ['x-b', 'Bearer s3cret'],
      ['x-c', '42'],
    ]);
  });

  it('send text beyond ASCII as UTF-8, and refuse what would end the field', () => {
    const [field] = apply({ set: { 'x-city': '${params.city}' } }, []);
    expect(Buffer.from(field![1], 'latin1').toString('utf8')).toBe('Zürich');
    const evil = { ...values, principal: { ...values.principal, subject: 'a\r\nx-user-id: root' } };
    expect(() => apply({ set: { 'x-a': '${principal.subject}' } }, [], evil)).toThrow(
      new GatewayError('malformed_request'),
    );
  });
});
