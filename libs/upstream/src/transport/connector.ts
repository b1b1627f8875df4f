import { type UpstreamTlsConfig } from '@facet/config';
import { GatewayError } from '@facet/errors';
import { isIP, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import { renewed, type TlsMaterial } from './tls-material.ts';

/**
 * Opens sockets within `connectMs`, TLS included, to the millisecond: undici's own timer has a resolution of half a
 * second above one second.
 */
export function connectorWithin(
  connectMs: number,
  upstream: string,
  tls?: UpstreamTlsConfig,
): buildConnector.connector {
  const connectorNow = tls === undefined ? always(connectorWith()) : renewed(tls, connectorWith);
  return (options, callback) => {
    const socket = (connectorNow() as unknown as (...args: unknown[]) => Socket)(
      options,
      (error: Error | null, connected: unknown) => {
        clearTimeout(timer);
        (callback as (error: Error | null, socket: unknown) => void)(error, connected);
      },
    );
    let resolved = isIP(options.hostname.replace(/^\[|\]$/g, '')) !== 0;
    socket.once('lookup', () => (resolved = true));
    const timer = setTimeout(() => {
      socket.destroy(
        new GatewayError(resolved ? 'connection_timeout' : 'upstream_dns_timeout', { upstream }),
      );
    }, connectMs);
  };
}

function connectorWith(material: TlsMaterial = {}): buildConnector.connector {
  return buildConnector({
    ...material,
    timeout: 0,
    allowH2: false,
    keepAlive: true,
    keepAliveInitialDelay: 15_000,
  });
}

function always<T>(value: T): () => T {
  return () => value;
}
