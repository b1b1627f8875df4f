import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { call } from '../call.fixture.ts';
import { ok } from './exchange.ts';
import { Service } from './service.ts';

const BODY = { text: 'x'.repeat(400) };

const service = new Service(
  {
    name: 'orders',
    routes: {
      'GET /thing': () => ok(BODY),
      'POST /echo': async (inbound) => ok(await inbound.body()),
      'GET /broken': () => {
        throw new Error('secret detail');
      },
    },
  },
  '127.0.0.1',
  0,
);

const send = (path: string): Socket => {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return socket;
};

const fault = (json: unknown) => call(`${service.url}/__faults`, { method: 'POST', json });

describe('Service', () => {
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  afterEach(() => {
    service.clearFaults();
    service.clearHits();
  });

  it('says in its health that it is a dev service, and does not count that', async () => {
    expect((await call(`${service.url}/health`)).body).toEqual({
      status: 'healthy',
      service: 'orders',
      devStack: true,
    });
    expect(service.hits()).toEqual({});
  });

  it('sends JSON with its length, and the same headers without a body for HEAD', async () => {
    const full = await call(`${service.url}/thing`);
    const head = await call(`${service.url}/thing`, { method: 'HEAD' });
    expect(full.headers['content-length']).toBe(String(JSON.stringify(BODY).length));
    expect(head.headers['content-length']).toBe(full.headers['content-length']);
    expect(head.body).toBeUndefined();
  });

  it('counts per path without the query, and forgets on request', async () => {
    await call(`${service.url}/thing?a=1`);
    await call(`${service.url}/thing?a=2`);
    await call(`${service.url}/nothing`);
    expect((await call(`${service.url}/__hits`)).body).toEqual({ '/thing': 2, '/nothing': 1 });
    expect((await call(`${service.url}/__hits`, { method: 'DELETE' })).status).toBe(204);
    expect(service.hits()).toEqual({});
  });

  it('shows the latest request as it arrived', async () => {
    await call(`${service.url}/thing?q=%2F`, { headers: { 'x-user-id': 'usr_free' } });
    const { body } = await call(`${service.url}/__last`);
    expect(body).toMatchObject({ method: 'GET', url: '/thing?q=%2F', headers: { 'x-user-id': 'usr_free' } });
    expect(body.rawHeaders).toContain('usr_free');
  });

  it.each([
    ['no JSON', '{', 'application/json', 400],
    ['another type', 'a=1', 'application/x-www-form-urlencoded', 415],
    ['no type', 'a=1', '', 415],
    ['over a MiB', `"${'x'.repeat(1024 * 1024)}"`, 'application/json', 413],
  ])('refuses a body: %s', async (_, body, type, status) => {
    const answer = await call(`${service.url}/echo`, {
      method: 'POST',
      text: body,
      headers: { 'content-type': type },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: 'about:blank', status });
  });

  it('hides what broke', async () => {
    const { error } = console;
    const lines: unknown[] = [];
    console.error = (line: unknown) => lines.push(line);
    const answer = await call(`${service.url}/broken`);
    console.error = error;
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('secret detail');
    expect(lines).toHaveLength(1);
  });

  describe('faults', () => {
    it('refuses what is no fault and keeps what is set', async () => {
      await fault({ status: 500 });
      const refused = await fault({ errorRate: 2, explode: true });
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toHaveLength(2);
      expect((await call(`${service.url}/__faults`)).body).toEqual({ status: 500 });
      expect(() => service.setFaults({ errorRate: 2 })).toThrow('does not fit');
    });

    it('answers a status, but for health and the switches, until cleared', async () => {
      await fault({ status: 502 });
      expect((await call(`${service.url}/thing`)).status).toBe(502);
      expect((await call(`${service.url}/health`)).status).toBe(200);
      expect((await call(`${service.url}/__faults`, { method: 'DELETE' })).status).toBe(204);
      expect((await call(`${service.url}/thing`)).status).toBe(200);
    });

    it('fails every second request at one half', async () => {
      await fault({ errorRate: 0.5 });
      const statuses: number[] = [];
      for (let count = 0; count < 4; count += 1) statuses.push((await call(`${service.url}/thing`)).status);
      expect(statuses).toEqual([200, 503, 200, 503]);
    });

    it('resets the connection without a byte', async () => {
      await fault({ reset: true });
      const socket = send('/thing');
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNRESET');
      expect(socket.bytesRead).toBe(0);
    });

    it('answers garbage', async () => {
      await fault({ garbage: true });
      const [chunk] = (await once(send('/thing'), 'data')) as [Buffer];
      expect(chunk.toString()).not.toMatch(/^HTTP/);
    });

    it('stalls after half of the body, and sees the client leave', async () => {
      await fault({ stallBody: true });
      const before = service.stats().aborted;
      const socket = send('/thing');
      let received = '';
      const half = JSON.stringify(BODY).slice(0, Math.ceil(JSON.stringify(BODY).length / 2));
      await new Promise<void>((resolve) => {
        socket.on('data', (chunk) => {
          received += String(chunk);
          if (received.endsWith(half)) resolve();
        });
      });
      expect(received).toContain(`content-length: ${JSON.stringify(BODY).length}`);
      expect(service.stats().inFlight).toBe(1);
      socket.destroy();
      while (service.stats().inFlight > 0) await new Promise(setImmediate);
      expect(service.stats().aborted).toBe(before + 1);
    });

    it('delays, and gives a delayed request up when its client leaves', async () => {
      service.setFaults({ latencyMs: 3_600_000 });
      const socket = send('/thing');
      while (service.stats().inFlight === 0) await new Promise(setImmediate);
      socket.destroy();
      while (service.stats().inFlight > 0) await new Promise(setImmediate);
      service.setFaults({ latencyMs: 5 });
      const startedMs = performance.now();
      expect((await call(`${service.url}/thing`)).status).toBe(200);
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(4);
    });
  });

  it('stops at once with a request in flight and starts again on the same port', async () => {
    const { url } = service;
    service.setFaults({ latencyMs: 3_600_000 });
    const socket = send('/thing');
    socket.on('error', () => undefined);
    while (service.stats().inFlight === 0) await new Promise(setImmediate);
    await service.stop();
    await expect(call(`${url}/thing`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    service.clearFaults();
    await service.start();
    expect(service.url).toBe(url);
    expect((await call(`${url}/thing`)).status).toBe(200);
  });
});
