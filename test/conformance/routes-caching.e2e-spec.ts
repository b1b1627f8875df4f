import { once } from 'node:events';
import { createServer, type IncomingMessage, request as call, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { cacheScenarios, type CacheUnderTest, type OriginAnswer, runScenario } from '@facet/testing/caching';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RouteGateway } from '../support/route-gateway.ts';
import { StoppedClock } from '../support/stopped-clock.ts';

type Fields = readonly (readonly [string, string])[];

/** The rules of a shared cache once more, through a whole gateway and over real sockets: a cached catch-all route. */
const clock = new StoppedClock();
let upstream: Server;
let gateway: RouteGateway;
let origin: (headers: Fields) => OriginAnswer;

beforeAll(async () => {
  upstream = createServer((incoming, response) => {
    incoming.resume();
    let answer: OriginAnswer;
    try {
      answer = origin(pairs(incoming));
    } catch {
      incoming.socket.destroy();
      return;
    }
    response.sendDate = false;
    response.writeHead(answer.status, answer.headers.flat());
    response.end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  gateway = await RouteGateway.start({
    clock,
    upstreams: [{ name: 'origin', url: `http://127.0.0.1:${port}`, breaker: 'off' }],
    file: `
prefix: ''
routes:
  - id: all
    path: /*
    upstream: origin
    auth: public
    limits: off
    retry: off
    compression: off
    forwardCredentials: [authorization]
    cache: { identity: public }
`,
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  upstream.close();
});

function pairs({ rawHeaders }: IncomingMessage): Fields {
  return rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
}

/** The fields of our own connection to the client are no part of what was cached. */
function isEndToEnd([name]: readonly [string, string]): boolean {
  return !/^(?:connection|keep-alive)$/i.test(name);
}

const cache: CacheUnderTest = {
  now: () => clock.now(),
  advance: (ms) => {
    clock.advance(ms);
    return Promise.resolve();
  },
  fetch: async ({ method, path, headers }, answer) => {
    origin = answer;
    const fields = ['host', new URL(gateway.url).host, ...headers.flat()];
    const [response] = (await once(
      call(`${gateway.url}${path}`, { method, headers: fields }).end(),
      'response',
    )) as [IncomingMessage];
    const body = Buffer.concat(await response.toArray()).toString();
    // A problem of the gateway's own is what a caller of the cache alone would get as an error.
    if (response.headers['content-type'] === 'application/problem+json') throw new Error(body);
    return { status: response.statusCode ?? 0, headers: pairs(response).filter(isEndToEnd), body };
  },
};

const topics = Map.groupBy(cacheScenarios, ({ topic }) => topic);

describe.each([...topics])('a cached catch-all route, on %s', (_, scenarios) => {
  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_name, scenario) => {
    expect(await runScenario(scenario, cache)).toEqual([]);
  });
});
