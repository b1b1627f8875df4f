import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port that was free a moment ago, below those a system gives to outgoing connections (Linux: from 32768): a server
 * that restarts on it finds it free again, and no client that retries meanwhile connects to itself.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
