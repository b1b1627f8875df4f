import { describeTransport } from '@facet/testing/upstreams';
import { upstreamSettings } from '../upstream-settings.ts';
import { UndiciTransport } from './undici.transport.ts';

describeTransport('UndiciTransport', (url) => {
  const [settings] = upstreamSettings([{ name: 'orders', url, maxResponseBytes: 1_000 }]);
  return new UndiciTransport(settings!);
});
