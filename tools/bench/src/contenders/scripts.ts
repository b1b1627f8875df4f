import { once } from 'node:events';
import { join } from 'node:path';
import { type Contender } from '../contender.ts';
import { serverCore, spawnPinned, stopProcess } from '../processes/pinned.ts';
import { buildStock } from './stock/build.ts';

/** Contenders that are one Node script: it gets UPSTREAM_URL and JWKS_URL and sends its port to its parent. */
interface Script {
  readonly name: string;
  readonly work: string;
  readonly file: () => Promise<string>;
  readonly shaped: boolean;
}

const here = (file: string) => (): Promise<string> => Promise.resolve(join(import.meta.dirname, file));

const scripts: readonly Script[] = [
  {
    name: 'bare @fastify/http-proxy',
    work: 'nothing but the relay',
    file: here('http-proxy.ts'),
    shaped: false,
  },
  {
    name: 'node:http + undici',
    work: 'parse, pick, stringify; no policy at all',
    file: here('floor.ts'),
    shaped: true,
  },
  {
    name: 'stock',
    work: 'Nest + @nestjs/axios + passport-jwt + @nestjs/throttler + opossum, default options',
    file: buildStock,
    shaped: true,
  },
];

export const scriptContenders: readonly Contender[] = scripts.map((script) => ({
  name: script.name,
  work: script.work,
  start: async ({ upstreamUrl, publicKeyFile, token, ordersBody }) => {
    const file = await script.file();
    const child = spawnPinned(serverCore, process.execPath, [file], {
      NODE_ENV: 'production',
      UPSTREAM_URL: upstreamUrl,
      PUBLIC_KEY_FILE: publicKeyFile,
    });
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return {
      probe: {
        port,
        path: '/orders',
        headers: { authorization: `Bearer ${token}` },
        right: (body) => (script.shaped ? body.length < ordersBody.length / 4 : body === ordersBody),
      },
      processes: [child],
      stop: () => stopProcess(child),
    };
  },
}));
