import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { call } from './call.fixture.ts';
import { type DevStack, startDevStack } from './dev-stack.ts';
import { type ServiceName } from './model.ts';
import { serveDevStack } from './serve.ts';

type Ports = Record<ServiceName, number>;

const anyPorts: Ports = { auth: 0, orders: 0, payments: 0, shipping: 0, catalog: 0, users: 0 };

const portsOf = ({ urls }: DevStack): Ports =>
  Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, Number(new URL(url).port)])) as Ports;

const serve = (ports: Ports) => {
  const stopped = new AbortController();
  const lines = new EventEmitter();
  const done = serveDevStack({
    host: '127.0.0.1',
    ports,
    issuer: 'http://127.0.0.1:4001',
    signal: stopped.signal,
    log: (line) => lines.emit(line.startsWith('dev stack ready') ? 'ready' : 'shared', line),
    pollMs: 5,
    graceMs: 100,
  });
  return {
    done,
    said: async (event: 'ready' | 'shared') => String((await once(lines, event))[0]),
    stop: () => {
      stopped.abort();
      return done;
    },
  };
};

describe('serveDevStack', () => {
  const open: { stop(): Promise<void> }[] = [];
  const closeLater = <Closable extends { stop(): Promise<void> }>(one: Closable): Closable => {
    open.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.stop()));
  });

  it('says where the services are once they answer, and stops at once', async () => {
    const served = closeLater(serve(anyPorts));
    const [, url = ''] = /users (http\S+)$/.exec(await served.said('ready')) ?? [];
    expect((await call(`${url}/health`)).body.service).toBe('users');
    await served.stop();
    await expect(call(`${url}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('shares a stack that runs already and takes over when it goes', async () => {
    const first = closeLater(await startDevStack());
    const second = closeLater(serve(portsOf(first)));
    expect(await second.said('shared')).toContain(first.urls.orders);
    const ready = second.said('ready');
    await first.stop();
    await ready;
    for (const url of Object.values(first.urls))
      expect((await call(`${url}/health`)).body.devStack).toBe(true);
  });

  it('stops while it shares, and leaves the other one running', async () => {
    const first = closeLater(await startDevStack());
    const second = serve(portsOf(first));
    await second.said('shared');
    await second.stop();
    expect((await call(`${first.urls.auth}/health`)).status).toBe(200);
  });

  it('names the port that belongs to something else', async () => {
    const foreign = createServer((_, response) => response.end('{"status":"healthy"}')).listen(
      0,
      '127.0.0.1',
    );
    await once(foreign, 'listening');
    const { port } = foreign.address() as AddressInfo;
    const refused = serve({ ...anyPorts, payments: port }).done;
    await expect(refused).rejects.toThrow(`port ${port} is taken, and not by a dev stack`);
    foreign.closeAllConnections();
    foreign.close();
  });
});
