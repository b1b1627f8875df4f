import { describe, expect, it } from '@jest/globals';
import { cameByHttps, canonicalAddress, TrustedProxies } from './client-address.ts';

const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);

describe('TrustedProxies', () => {
  it.each([
    ['10.255.0.1', true],
    ['11.0.0.1', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['2001:db8:ffff::1', true],
    ['2001:db9::1', false],
    ['::ffff:10.0.0.1', true],
    ['', false],
    ['nonsense', false],
  ])('%s is trusted: %s', (address, expected) => {
    expect(proxies.includes(canonicalAddress(address))).toBe(expected);
  });

  it('trusts nobody by default', () => {
    expect(new TrustedProxies([]).includes('127.0.0.1')).toBe(false);
  });

  it.each(['10.0.0.0/33', 'localhost', '10.0.0.0/8/8', ''])('refuses %j', (cidr) => {
    expect(() => new TrustedProxies([cidr])).toThrow();
  });

  it.each([
    ['one hop', { 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
    [
      'the right-most that is not ours',
      { 'x-forwarded-for': '1.1.1.1, 203.0.113.9, 10.1.1.1' },
      '203.0.113.9',
    ],
    ['only ours: the left-most', { 'x-forwarded-for': '10.2.2.2, 10.1.1.1' }, '10.2.2.2'],
    ['garbage on the right', { 'x-forwarded-for': '203.0.113.9, evil' }, '10.0.0.1'],
    ['garbage behind ours', { 'x-forwarded-for': 'evil, 10.1.1.1' }, '10.1.1.1'],
    ['short spellings of IPv4', { 'x-forwarded-for': '127.1' }, '10.0.0.1'],
    ['octal spellings of IPv4', { 'x-forwarded-for': '0177.0.0.1' }, '10.0.0.1'],
    ['a port', { 'x-forwarded-for': '203.0.113.9:4711' }, '203.0.113.9'],
    ['IPv6 with a port', { 'x-forwarded-for': '[2001:DB9:0::1]:443' }, '2001:db9::1'],
    ['IPv4 in IPv6', { 'x-forwarded-for': '::ffff:203.0.113.9' }, '203.0.113.9'],
    ['a scoped address', { 'x-forwarded-for': 'fe80::1%eth0' }, '10.0.0.1'],
    [
      'Forwarded',
      { forwarded: 'for=1.1.1.1, For="203.0.113.9";proto=https;by=x, for=10.1.1.1' },
      '203.0.113.9',
    ],
    ['Forwarded with IPv6', { forwarded: 'proto=https;for="[2001:db9::2]:99"' }, '2001:db9::2'],
    [
      'two fields that agree',
      { forwarded: 'for=203.0.113.9', 'x-forwarded-for': '203.0.113.9, 10.1.1.1' },
      '203.0.113.9',
    ],
    // A proxy that writes one of them passes the client's own copy of the other on.
    [
      'neither of two that differ',
      { forwarded: 'for=203.0.113.9', 'x-forwarded-for': '1.1.1.1' },
      '10.0.0.1',
    ],
    ['neither when one hides', { forwarded: 'for=unknown', 'x-forwarded-for': '1.1.1.1' }, '10.0.0.1'],
    ['a hidden hop', { forwarded: 'for=203.0.113.9, for=unknown' }, '10.0.0.1'],
    ['nothing', {}, '10.0.0.1'],
    ['X-Real-IP', { 'x-real-ip': '203.0.113.9' }, '10.0.0.1'],
  ])('finds the client by %s', (_name, headers, expected) => {
    expect(proxies.clientBehind('10.0.0.1', headers)).toBe(expected);
  });
});

describe('cameByHttps', () => {
  it.each([
    [{ 'x-forwarded-proto': 'https' }, true],
    [{ 'x-forwarded-proto': 'https, http' }, false],
    [{ forwarded: 'for=1.1.1.1;proto=http, for=2.2.2.2;Proto="https"' }, true],
    [{ forwarded: 'for=1.1.1.1', 'x-forwarded-proto': 'https' }, false],
    [{ forwarded: 'proto=https', 'x-forwarded-proto': 'http' }, false],
    [{ forwarded: 'proto=https', 'x-forwarded-proto': 'https' }, true],
    [{}, false],
  ])('%j: %s', (headers, expected) => {
    expect(cameByHttps(headers)).toBe(expected);
  });
});
