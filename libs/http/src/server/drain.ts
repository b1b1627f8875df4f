import { type Server } from 'node:http';
import { type ServerConfig } from '@facet/config';
import { type Clock } from '@facet/context';
import { type Traffic } from '../overload/traffic.ts';

/**
 * Serves on while it tells everybody to go: unready at once, `Connection: close` on every answer, and after the delay
 * no new connections. Resolves when nothing is under way or the grace is over.
 */
export async function drained(
  server: Server,
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
    void traffic.idle().then(() => {
      clock.clearTimeout(grace);
      resolve();
    });
  });
}
