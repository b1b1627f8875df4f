import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { TestIssuer } from '@facet/testing/auth';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpJwksSource } from './http-jwks.source.ts';

const open: { close(): unknown }[] = [];

async function serve(listener: RequestListener): Promise<{ source: HttpJwksSource; url: string }> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys?v=1`;
  const source = new HttpJwksSource(url);
  open.push(source, { close: () => (server.closeAllConnections(), server.close()) });
  return { source, url };
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const never = new AbortController().signal;
const jwks = new TestIssuer().jwks();

describe('HttpJwksSource', () => {
  it('reads the document at exactly its URL, without credentials', async () => {
    const seen: unknown[] = [];
    const { source } = await serve((request, response) => {
      seen.push(request.method, request.url, request.headers.authorization, request.headers.cookie);
      response.end(JSON.stringify(jwks));
    });
    expect(await source.fetch(never)).toEqual(jwks);
    expect(seen).toEqual(['GET', '/keys?v=1', undefined, undefined]);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect by %i', async (status) => {
    let strays = 0;
    const elsewhere = await serve((_, response) => {
      strays++;
      response.end(JSON.stringify(jwks));
    });
    const { source } = await serve((_, response) =>
      response.writeHead(status, { location: elsewhere.url }).end(JSON.stringify(jwks)),
    );
    await expect(source.fetch(never)).rejects.toThrow(String(status));
    expect(strays).toBe(0);
  });

  it.each([201, 204, 404, 500])('takes %i for a failure', async (status) => {
    const { source } = await serve((_, response) => response.writeHead(status).end());
    await expect(source.fetch(never)).rejects.toThrow(String(status));
  });

  it('stops at 256 KiB, announced or not', async () => {
    const body = JSON.stringify({ ...jwks, pad: 'x'.repeat(256 * 1024) });
    const announced = await serve((_, response) => response.end(body));
    await expect(announced.source.fetch(never)).rejects.toThrow();
    const chunked = await serve((_, response) => {
      response.write('{"pad":"');
      for (let i = 0; i < 300; i++) response.write('x'.repeat(1024));
      response.end('"}');
    });
    await expect(chunked.source.fetch(never)).rejects.toThrow();
  });

  it('takes 200 KiB', async () => {
    const body = { ...jwks, pad: 'x'.repeat(200 * 1024) };
    const { source } = await serve((_, response) => response.end(JSON.stringify(body)));
    expect(await source.fetch(never)).toEqual(body);
  });

  it('rejects what is no JSON and what ends early', async () => {
    const html = await serve((_, response) => response.end('<html>'));
    await expect(html.source.fetch(never)).rejects.toThrow();
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{');
      setImmediate(() => response.destroy());
    });
    await expect(cut.source.fetch(never)).rejects.toThrow();
  });

  it('gives up when told, before the answer or within it', async () => {
    for (const begin of [false, true]) {
      const patience = new AbortController();
      const { source } = await serve((_, response) => {
        if (begin) response.write('{');
        setImmediate(() => patience.abort());
      });
      await expect(source.fetch(patience.signal)).rejects.toThrow();
    }
  });

  it('rejects when nobody listens', async () => {
    const { source } = await serve(() => undefined);
    await open.at(-1)?.close();
    await expect(source.fetch(never)).rejects.toThrow();
  });
});
