import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { FakeClock } from '@facet/testing';
import { startTestGateway } from '@facet/testing/http';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { Type } from 'typebox';
import { type FastifyInstance } from 'fastify';
import { Answers, type Gateway, type GatewayOptions } from '../index.ts';
import * as http from '../index.ts';

let waiting: Promise<void>;
const large = 'x'.repeat(1024 * 1024);

@Controller('wait')
class WaitController {
  @Get('large')
  @Answers(Type.Object({ text: Type.String() }))
  large() {
    return { text: large };
  }

  @Get()
  @Answers(Type.Object({ ok: Type.Boolean() }))
  async wait() {
    await waiting;
    return { ok: true };
  }
}

describe('HTTP/2 connections', () => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-http2-front-'));
  const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  let gateway: Gateway;
  let clock: FakeClock;
  beforeAll(() => {
    const settings =
      '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'.split(' ');
    execFileSync('openssl', ['req', ...settings, '-keyout', tls.keyFile, '-out', tls.certFile], {
      stdio: 'pipe',
    });
  });
  afterEach(() => gateway.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(limits: GatewayOptions['limits'] = {}): Promise<void> {
    clock = new FakeClock();
    waiting = Promise.resolve();
    const config = { server: { tls } };
    ({ gateway } = await startTestGateway(http, [WaitController], { config, clock, gateway: { limits } }));
  }

  async function open(): Promise<ClientHttp2Session> {
    const session = connect(gateway.url, { rejectUnauthorized: false });
    session.on('error', () => undefined);
    await once(session, 'remoteSettings');
    return session;
  }

  /** Code of the GOAWAY, once the connection is closed. */
  function ended(session: ClientHttp2Session): Promise<number | undefined> {
    let code: number | undefined;
    session.on('goaway', (received) => (code = received));
    return new Promise((resolve) => session.on('close', () => resolve(code)));
  }

  function ask(session: ClientHttp2Session): Promise<number> {
    const stream = session.request({ ':path': '/api/web/wait' });
    stream.resume();
    return new Promise((resolve, reject) => {
      let status = 0;
      stream.on('response', (fields) => (status = Number(fields[':status'])));
      stream.on('error', reject).on('close', () => resolve(status));
    });
  }

  it('end when no request comes in the time for a head, whatever else is sent', async () => {
    await start({ headersTimeoutMs: 5_000 });
    const session = await open();
    const end = ended(session);
    await new Promise((resolve) => session.ping(resolve));
    await clock.advance(4_000);
    await new Promise((resolve) => session.ping(resolve));
    expect(session.closed).toBe(false);
    await clock.advance(3_000);
    expect(await end).toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('end when nothing has been under way for as long as idle connections live', async () => {
    await start({ headersTimeoutMs: 5_000, keepAliveTimeoutMs: 20_000 });
    const session = await open();
    expect(await ask(session)).toBe(200);
    await clock.advance(19_000);
    expect(await ask(session)).toBe(200);
    await clock.advance(19_000);
    expect(session.closed).toBe(false);
    const end = ended(session);
    await clock.advance(3_000);
    expect(await end).toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('live while a request is under way', async () => {
    await start({ headersTimeoutMs: 1_000, keepAliveTimeoutMs: 1_000 });
    const released = Promise.withResolvers<void>();
    waiting = released.promise;
    const session = await open();
    const answer = ask(session);
    await new Promise((resolve) => session.ping(resolve));
    await clock.advance(8_000);
    released.resolve();
    expect(await answer).toBe(200);
    session.close();
  });

  it('end after as many requests as a connection may carry, with the last of them answered', async () => {
    await start({ maxRequestsPerConnection: 3 });
    const session = await open();
    const end = ended(session);
    expect([await ask(session), await ask(session), await ask(session)]).toEqual([200, 200, 200]);
    expect(await end).toBe(constants.NGHTTP2_NO_ERROR);
  });

  it('end when they only ask for answers to PING', async () => {
    await start();
    const session = await open();
    const end = ended(session);
    let answered = 0;
    for (let round = 0; round < 100 && !session.destroyed; round++) {
      const pings = Array.from(
        { length: 9 },
        () => new Promise<void>((resolve) => session.ping(() => resolve())),
      );
      await Promise.race([Promise.all(pings), end]);
      answered += pings.length;
    }
    expect(await end).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    expect(answered).toBeLessThan(300);
  });

  it('end though the client keeps its side open', async () => {
    await start({ headersTimeoutMs: 5_000 });
    const options = { rejectUnauthorized: false, ALPNProtocols: ['h2'], allowHalfOpen: true };
    const socket = connectTls({ port: Number(new URL(gateway.url).port), ...options });
    await once(socket, 'secureConnect');
    socket.on('error', () => undefined).resume();
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0');
    const ended = once(socket, 'end');
    await clock.advance(7_000);
    await ended;
    const { server } = gateway.app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    while ((await open()) > 0) await clock.advance(1_000);
    socket.destroy();
  });

  it('carry answers of any size whole', async () => {
    await start();
    const session = await open();
    const stream = session.request({ ':path': '/api/web/wait/large' });
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual({ text: large });
    session.close();
  });

  it('count as connections of their address', async () => {
    await start({ maxConnectionsPerAddress: 2 });
    const sessions = [await open(), await open()];
    const refused = connectTls({ port: Number(new URL(gateway.url).port), rejectUnauthorized: false });
    await expect(once(refused, 'secureConnect')).rejects.toThrow();
    const gone = ended(sessions[0]!);
    sessions[0]!.close();
    await gone;
    const socket = await secured();
    socket.destroy();
    sessions[1]!.destroy();
  });

  /** Tries until the gateway has noticed that a connection has gone. */
  async function secured(): Promise<TLSSocket> {
    for (;;) {
      const socket = connectTls({ port: Number(new URL(gateway.url).port), rejectUnauthorized: false });
      try {
        await once(socket, 'secureConnect');
        return socket;
      } catch {
        socket.destroy();
      }
    }
  }
});
