import { testKey } from '@facet/testing/auth';
import { describe, expect, it } from '@jest/globals';
import { KeyTable } from './key-table.ts';

const read = (keys: readonly object[], previous?: KeyTable) =>
  KeyTable.read({ keys }, ['ES256', 'ES384', 'RS256'], previous);

describe('KeyTable', () => {
  it('finds a key by id and algorithm only', () => {
    const key = testKey('ES256', 'a');
    const table = read([key.jwk]);
    expect(table?.find({ alg: 'ES256', kid: 'a' })).toMatchObject({ kid: 'a', alg: 'ES256' });
    expect(table?.find({ alg: 'RS256', kid: 'a' })).toBeUndefined();
    expect(table?.find({ alg: 'ES256', kid: 'b' })).toBeUndefined();
  });

  it('lets two types of key share an id', () => {
    const table = read([testKey('ES256', 'a').jwk, testKey('RS256', 'a').jwk]);
    expect(table?.find({ alg: 'ES256', kid: 'a' })?.alg).toBe('ES256');
    expect(table?.find({ alg: 'RS256', kid: 'a' })?.alg).toBe('RS256');
  });

  it('finds neither of two keys of one type under one id, even with a third', () => {
    const table = read([1, 2, 3].map(() => testKey('ES256', 'a').jwk).concat(testKey('ES256', 'b').jwk));
    expect(table?.find({ alg: 'ES256', kid: 'a' })).toBeUndefined();
    expect(table?.find({ alg: 'ES256', kid: 'b' })).toBeDefined();
  });

  it('takes the same key twice for one', () => {
    const { jwk } = testKey('ES256', 'a');
    expect(read([jwk, { ...jwk }])?.size).toBe(1);
  });

  it('serves a token without key id when there is one key of its algorithm', () => {
    expect(
      read([testKey('ES256').jwk, testKey('RS256').jwk])?.find({ alg: 'ES256', kid: undefined }),
    ).toBeDefined();
    const two = read([testKey('ES256').jwk, testKey('ES256').jwk]);
    expect(two?.find({ alg: 'ES256', kid: undefined })).toBeUndefined();
  });

  it('carries keys over, retires those that left and those whose material changed', () => {
    const [stays, leaves, changes] = ['stays', 'leaves', 'changes'].map((kid) => testKey('ES256', kid).jwk);
    const before = read([stays!, leaves!, changes!])!;
    const key = (kid: string) => before.find({ alg: 'ES256', kid })!;
    const after = read([stays!, testKey('ES256', 'changes').jwk], before)!;
    expect(after.find({ alg: 'ES256', kid: 'stays' })).toBe(key('stays'));
    expect(after.find({ alg: 'ES256', kid: 'changes' })).not.toBe(key('changes'));
    expect(['stays', 'leaves', 'changes'].map((kid) => key(kid).retired)).toEqual([false, true, true]);
  });

  it('takes a key back that had left', () => {
    const [a, b] = [testKey('ES256', 'a').jwk, testKey('ES256', 'b').jwk];
    const first = read([a, b])!;
    const third = read([a, b], read([b], first))!;
    expect(third.find({ alg: 'ES256', kid: 'a' })?.retired).toBe(false);
  });

  it.each([undefined, null, 'text', [], {}, { keys: {} }, { keys: [] }, { keys: [null, 1, {}] }])(
    'is none for %p, and retires nothing',
    (document) => {
      const before = read([testKey('ES256', 'a').jwk])!;
      expect(KeyTable.read(document, ['ES256'], before)).toBeUndefined();
      expect(before.find({ alg: 'ES256', kid: 'a' })?.retired).toBe(false);
    },
  );
});
