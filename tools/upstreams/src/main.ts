import { serveDevStack } from './serve.ts';
import { defaultPorts } from './services/definitions.ts';

/** What gateways on their dev defaults expect, whatever address the stack listens on. */
const ISSUER = `http://127.0.0.1:${defaultPorts.auth}`;

const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());

try {
  await serveDevStack({
    host: process.env['HOST'] ?? '127.0.0.1',
    ports: defaultPorts,
    issuer: ISSUER,
    signal: stopped.signal,
    log: (line) => console.log(line),
  });
} catch (error) {
  console.error(`dev stack: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
