import { describeTransport } from '@facet/testing/upstreams';
import { upstreamSettings } from '../upstream-settings.ts';
import { SocketTransport } from './socket.transport.ts';

describeTransport('SocketTransport', (url) => {
  const [settings] = upstreamSettings([{ name: 'orders', url, maxResponseBytes: 1_000 }]);
  return new SocketTransport(settings!);
});
