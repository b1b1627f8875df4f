import { describe, expect, it } from '@jest/globals';
import { ManagementHosts } from './management-hosts.ts';

const hosts = new ManagementHosts(['Facet.Ops.Example']);

describe('ManagementHosts', () => {
  it.each([
    '127.0.0.1:9100',
    '10.42.0.7',
    '[::1]:9100',
    '[fd00::7]',
    'localhost',
    'LOCALHOST:9100',
    'mobile.localhost',
    'gateway-mobile-1:9101',
    'gateway-mobile.shop.svc:9101',
    'gateway-mobile.shop.svc.cluster.local',
    'host.docker.internal:9101',
    'facet.ops.example:9100',
    'facet.ops.example.',
  ])('knows %s', (field) => {
    expect(hosts.know(field)).toBe(true);
  });

  it('knows a request that names nobody: no browser sends one', () => {
    expect(hosts.know(undefined)).toBe(true);
  });

  it.each([
    'rebind.evil.example:9100',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '7f000001.rbndr.example',
    'facet.ops.example.evil.example',
    'notfacet.ops.example',
    'evilsvc.example',
    'evil.local',
    '',
    'a b',
    'user@localhost',
    'localhost:9100:80',
    '[::1',
    '127.1',
  ])('does not know %j', (field) => {
    expect(hosts.know(field)).toBe(false);
  });
});
