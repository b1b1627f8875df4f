import { SocketTransport } from './transport/socket.transport.ts';
import { type Transport } from './transport/transport.ts';
import { type UpstreamSettings } from './upstream-settings.ts';

/** Makes the transport of an upstream; provide another under this token to carry calls differently. */
export abstract class TransportFactory {
  abstract create(settings: UpstreamSettings): Transport;
}

export class SocketTransportFactory extends TransportFactory {
  override create(settings: UpstreamSettings): Transport {
    return new SocketTransport(settings);
  }
}
