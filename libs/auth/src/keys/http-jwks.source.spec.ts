import { once } from 'node:events';
import { createServer, type RequestListener, type Server, setGlobalProxyFromEnv } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { TestIssuer } from '@facet/testing/auth';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpJwksSource } from './http-jwks.source.ts';

const open: { close(): unknown }[] = [];

interface Issuer {
  readonly source: HttpJwksSource;
  readonly url: string;
  readonly server: Server;
  /** All there ever were. */
  readonly sockets: readonly Socket[];
}

async function serve(listener: RequestListener): Promise<Issuer> {
  const server = createServer(listener);
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys?v=1`;
  const source = new HttpJwksSource(url);
  open.push(source, { close: () => (server.closeAllConnections(), server.close()) });
  return { source, url, server, sockets };
}

async function closed(socket: Socket | undefined): Promise<void> {
  if (socket && !socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const never = new AbortController().signal;
const jwks = new TestIssuer().jwks();
const cap = 256 * 1024;

describe('HttpJwksSource', () => {
  it('reads the document at exactly its URL, without credentials or content coding', async () => {
    const seen: unknown[] = [];
    const { url } = await serve(({ method, url: target, headers }, response) => {
      seen.push(method, target, headers.authorization, headers.cookie, headers['accept-encoding']);
      response.end(JSON.stringify(jwks));
    });
    const source = new HttpJwksSource(url.replace('//', '//user:pass@'));
    open.push(source);
    expect(await source.fetch(never)).toEqual(jwks);
    expect(seen).toEqual(['GET', '/keys?v=1', undefined, undefined, 'identity']);
  });

  it('asks no proxy that the environment names', async () => {
    let strays = 0;
    const proxy = await serve((_, response) => response.end(String(strays++)));
    const { source } = await serve((_, response) => response.end(JSON.stringify(jwks)));
    const restore = setGlobalProxyFromEnv({ HTTP_PROXY: new URL(proxy.url).origin });
    try {
      expect(await source.fetch(never)).toEqual(jwks);
    } finally {
      restore();
    }
    expect(strays).toBe(0);
  });

  it('passes over a byte order mark', async () => {
    const { source } = await serve((_, response) => response.end(`\uFEFF${JSON.stringify(jwks)}`));
    expect(await source.fetch(never)).toEqual(jwks);
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

  it('takes 256 KiB', async () => {
    const { source } = await serve((_, response) => response.end(JSON.stringify('x'.repeat(cap - 2))));
    expect(await source.fetch(never)).toHaveLength(cap - 2);
  });

  it.each(['announced', 'in chunks'])('fails at one byte more, %s', async (how) => {
    const { source } = await serve((_, response) => {
      if (how === 'in chunks') response.write(' ');
      response.end(JSON.stringify('x'.repeat(how === 'in chunks' ? cap - 2 : cap - 1)));
    });
    await expect(source.fetch(never)).rejects.toThrow(String(cap));
  });

  it('reads no more of what never ends', async () => {
    const { source, sockets } = await serve((_, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16 * 1024)));
      };
      response.on('drain', pour);
      pour();
    });
    await expect(source.fetch(never)).rejects.toThrow(String(cap));
    await closed(sockets[0]);
  });

  it('rejects what is no JSON', async () => {
    const { source } = await serve((_, response) => response.end('<html>'));
    await expect(source.fetch(never)).rejects.toThrow(SyntaxError);
  });

  it.each([{ 'content-length': '1000' }, { 'transfer-encoding': 'chunked' }])(
    'rejects a body with %j that breaks off, be it a document so far',
    async (framing) => {
      const { source } = await serve((_, response) => {
        response.writeHead(200, framing).write(JSON.stringify(jwks));
        setImmediate(() => response.destroy());
      });
      await expect(source.fetch(never)).rejects.toThrow('aborted');
    },
  );

  it('rejects an answer that is another protocol', async () => {
    const { source } = await serve(({ socket }) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    );
    await expect(source.fetch(never)).rejects.toThrow('no answer');
  });

  it.each(['before the answer', 'within it'])('gives up when told, %s', async (when) => {
    const patience = new AbortController();
    const { source, sockets } = await serve((_, response) => {
      if (when === 'within it') response.write('{');
      setImmediate(() => patience.abort());
    });
    await expect(source.fetch(patience.signal)).rejects.toThrow();
    await closed(sockets[0]);
  });

  it('asks nobody when told to give up before', async () => {
    const { source, sockets } = await serve((_, response) => response.end(JSON.stringify(jwks)));
    await expect(source.fetch(AbortSignal.abort())).rejects.toThrow();
    expect(sockets).toEqual([]);
  });

  it('rejects when nobody listens', async () => {
    const { source } = await serve(() => undefined);
    await open.at(-1)?.close();
    await expect(source.fetch(never)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the connection of HttpJwksSource', () => {
  it('serves one fetch after the other', async () => {
    const { source, sockets } = await serve((_, response) => response.end(JSON.stringify(jwks)));
    for (let n = 0; n < 3; n++) await source.fetch(never);
    expect(sockets).toHaveLength(1);
  });

  it('is not kept after a failure, and the next fetch has its own', async () => {
    let status = 500;
    const { source, sockets } = await serve((_, response) =>
      response.writeHead(status).end(JSON.stringify(jwks)),
    );
    await expect(source.fetch(never)).rejects.toThrow('500');
    await closed(sockets[0]);
    status = 200;
    expect(await source.fetch(never)).toEqual(jwks);
    expect(sockets).toHaveLength(2);
  });

  it('is gone after close(), and nobody opens another', async () => {
    const { source, sockets } = await serve((_, response) => response.end(JSON.stringify(jwks)));
    await source.fetch(never);
    expect(sockets[0]?.closed).toBe(false);
    await source.close();
    // Left alone it would go too, after 4 s.
    await closed(sockets[0]);
    await expect(source.fetch(never)).rejects.toThrow();
    expect(sockets).toHaveLength(1);
  }, 2_000);

  it('takes a fetch under way with it', async () => {
    const { source, sockets, server } = await serve(() => undefined);
    const refused = expect(source.fetch(never)).rejects.toThrow();
    await once(server, 'request');
    await source.close();
    await refused;
    await closed(sockets[0]);
    expect(sockets).toHaveLength(1);
  });
});
