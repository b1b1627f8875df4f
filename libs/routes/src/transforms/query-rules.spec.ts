import { describe, expect, it } from '@jest/globals';
import { anonymous } from '@facet/context';
import { type FieldRules } from '../declaration/fields.schema.ts';
import { compileQueryRules } from './query-rules.ts';

const values = { principal: { ...anonymous, subject: 'a&b=c' }, param: () => '1/2' };

function apply(rules: FieldRules, query: string): string {
  return compileQueryRules(rules, { params: ['id'], config: {} })?.(query, values) ?? query;
}

describe('query rules', () => {
  it('keep the bytes of what no rule names', () => {
    const query = 'a&b=&c=%2f+%2B;d&&e=1&e=2&%ff=%';
    expect(apply({ remove: ['z'] }, query)).toBe(query);
  });

  it('meet every spelling of a name', () => {
    expect(apply({ remove: ['ab'] }, 'x=1&%61b=2&ab&a%62=3')).toBe('x=1');
    expect(apply({ remove: ['a b'] }, 'a+b=1&a%20b=2&ab=3')).toBe('ab=3');
  });

  it('rename, replace and set with encoded values', () => {
    expect(apply({ rename: { q: 'search' } }, 'q=a%20b&p')).toBe('search=a%20b&p');
    expect(apply({ replace: { p: 'x y' } }, 'q=1&p&p=2')).toBe('q=1&p=x%20y');
    expect(apply({ set: { u: '${principal.subject}' } }, 'q=1&u=me&u=you')).toBe('q=1&u=a%26b%3Dc');
    expect(apply({ set: { u: { value: '${params.id}', mode: 'append' } } }, '')).toBe('u=1%2F2');
  });

  it('allow only the named', () => {
    expect(apply({ allow: ['a'] }, 'a=1&b=2&A=3&a=4')).toBe('a=1&a=4');
  });
});
