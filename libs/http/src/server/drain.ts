import { type Server } from 'node:http';
import { type ServerConfig } from '@facet/config';
import { type Clock } from '@facet/context';
import { type Http2Front } from '../http2/http2-front.ts';
import { type Traffic } from '../overload/traffic.ts';

/**
 * Serves on while it tells everybody to go: unready at once, `Connection: close` on every answer (HTTP/2: GOAWAY
 * when nothing is under way), and after the delay no new connections and GOAWAY for all. Resolves when nothing is under
 * way or the grace is over.
 */
export async function drained(
  server: Server,
  http2: Http2Front | undefined,
  traffic: Traffic,
  clock: Clock,
  { drainDelayMs, drainGraceMs }: Pick<ServerConfig, 'drainDelayMs' | 'drainGraceMs'>,
): Promise<void> {
  traffic.drain();
  await new Promise<void>((resolve) => clock.setTimeout(resolve, drainDelayMs));
  server.close();
  server.closeIdleConnections();
  await new Promise<void>((resolve) => {
    const grace = clock.setTimeout(resolve, drainGraceMs);
    void Promise.all([traffic.idle(), http2?.leave()]).then(() => {
      clock.clearTimeout(grace);
      resolve();
    });
  });
}
