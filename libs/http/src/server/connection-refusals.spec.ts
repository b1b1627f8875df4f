import { createServer } from 'node:http';
import { Duplex } from 'node:stream';
import { FakeClock } from '@facet/testing';
import { describe, expect, it } from '@jest/globals';
import { TrustedProxies } from '../request/client-address.ts';
import { refuseBadConnections } from './connection-refusals.ts';

/** A connection from an address that this machine does not have. */
class ConnectionFrom extends Duplex {
  constructor(readonly remoteAddress: string) {
    super();
  }
  override _read(): void {
    // Sends nothing.
  }
  override _write(_chunk: unknown, _encoding: unknown, done: () => void): void {
    done();
  }
}

function setUp(maxConnectionsPerAddress: number) {
  const refused: string[] = [];
  const server = createServer();
  // Node's own listener wants a real socket.
  server.removeAllListeners('connection');
  refuseBadConnections(server, {
    clock: new FakeClock(),
    proxies: new TrustedProxies(['2001:db8:ffff::/48']),
    maxConnectionsPerAddress,
    onRefusal: (reason) => refused.push(reason),
  });
  const connect = (address: string): ConnectionFrom => {
    const socket = new ConnectionFrom(address);
    server.emit('connection', socket);
    return socket;
  };
  return { refused, connect };
}

describe('the cap of connections', () => {
  it('counts IPv6 by its /64: one subscriber has all of it', () => {
    const { refused, connect } = setUp(2);
    for (let host = 1; host <= 5; host++) connect(`2001:db8:1:2::${host}`);
    expect(refused).toEqual(Array(3).fill('too_many_connections'));
    connect('2001:db8:1:3::1');
    expect(refused).toHaveLength(3);
  });

  it('counts IPv4 whole, in IPv6 spelling too', () => {
    const { refused, connect } = setUp(2);
    for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.2', '::ffff:192.0.2.3'])
      connect(address);
    expect(refused).toEqual([]);
    connect('192.0.2.1');
    expect(refused).toHaveLength(1);
  });

  it('takes what has closed off again, and never counts trusted proxies', async () => {
    const { refused, connect } = setUp(1);
    const first = connect('2001:db8::1');
    const closed = new Promise((resolve) => first.once('close', resolve));
    first.destroy();
    await closed;
    connect('2001:db8::2');
    for (let i = 0; i < 3; i++) connect('2001:db8:ffff::1');
    expect(refused).toEqual([]);
  });
});
