import { GatewayError } from '@facet/errors';
import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type UpstreamSettings } from '../../upstream-settings.ts';
import { renewed, type TlsMaterial } from '../tls-material.ts';

/** Opens one socket to the upstream; ready for the first request when it emits `readyEvent`. */
export interface Opener {
  readonly readyEvent: 'connect' | 'secureConnect';
  open(onRead: OnReadOpts): Socket;
}

const keepAliveProbeMs = 15_000;

/** Sockets to one origin, open within `connectMs`, name and TLS included, to the millisecond. */
export function openerOf({ origin, name, timeouts, tls }: UpstreamSettings): Opener {
  const url = new URL(origin);
  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const address = { host, port: Number(url.port || (isSecure ? 443 : 80)) };
  const connectNow = isSecure
    ? tls === undefined
      ? tlsConnector(address)
      : fresh(renewed(tls, (material) => tlsConnector(address, material)))
    : (onread: OnReadOpts) => connectTcp({ ...address, onread });
  const readyEvent = isSecure ? 'secureConnect' : 'connect';
  return {
    readyEvent,
    open: (onRead) => {
      const socket = connectNow(onRead).setNoDelay(true).setKeepAlive(true, keepAliveProbeMs);
      limitConnecting(socket, readyEvent, {
        upstream: name,
        ms: timeouts.connectMs,
        isNamed: isIP(host) === 0,
      });
      return socket;
    },
  };
}

type Connect = (onread: OnReadOpts) => Socket;

/** With the material of the moment, and the last session of the same, which spares the next handshake its half. */
function tlsConnector({ host, port }: { host: string; port: number }, material: TlsMaterial = {}): Connect {
  let session: Buffer | undefined;
  return (onread) => {
    const options = {
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ['http/1.1'],
      ...material,
      ...(session === undefined ? {} : { session }),
      // Known to Node, not to its types.
      onread,
    };
    return connectTls(options).on('session', (latest) => (session = latest));
  };
}

function fresh(connectorNow: () => Connect): Connect {
  return (onread) => connectorNow()(onread);
}

function limitConnecting(
  socket: Socket,
  readyEvent: string,
  { upstream, ms, isNamed }: { upstream: string; ms: number; isNamed: boolean },
): void {
  let isResolved = !isNamed;
  const timer = setTimeout(() => {
    socket.destroy(
      new GatewayError(isResolved ? 'connection_timeout' : 'upstream_dns_timeout', { upstream }),
    );
  }, ms);
  const stop = (): void => clearTimeout(timer);
  socket
    .once('lookup', () => (isResolved = true))
    .once(readyEvent, stop)
    .once('close', stop);
}
