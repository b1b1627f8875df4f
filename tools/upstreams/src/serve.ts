import { setTimeout as delay } from 'node:timers/promises';
import { createDevStack, type DevStack } from './dev-stack.ts';
import { type ServiceName } from './model.ts';
import { serviceNames } from './services/definitions.ts';

export interface ServeOptions {
  host: string;
  ports: Readonly<Record<ServiceName, number>>;
  issuer: string;
  signal: AbortSignal;
  log: (line: string) => void;
  /** How often to see whether another stack has gone. */
  pollMs?: number;
  /** How long ports may be taken by nothing that answers like a dev stack; one may be starting or stopping. */
  graceMs?: number;
}

const POLL_MS = 500;
const GRACE_MS = 2_000;
const PROBE_EVERY_MS = 100;
const PROBE_TIMEOUT_MS = 1_000;

/** The port that is taken, or undefined when the stack now runs. */
const tryStart = async (stack: DevStack): Promise<number | undefined> => {
  try {
    await stack.start();
    return undefined;
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    if (code === 'EADDRINUSE' && port !== undefined) return port;
    throw error;
  }
};

const isDevService = async (url: string, name: ServiceName): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/health`, {
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
      redirect: 'error',
    });
    const health = (await answer.json()) as { service?: unknown; devStack?: unknown } | null;
    return health?.devStack === true && health.service === name;
  } catch {
    return false;
  }
};

const isServedByAnother = async ({ urls }: DevStack): Promise<boolean> => {
  const answers = await Promise.all(serviceNames.map((name) => isDevService(urls[name], name)));
  return answers.every(Boolean);
};

const listOf = (urls: Readonly<Record<string, string>>): string =>
  Object.entries(urls)
    .map(([name, url]) => `${name} ${url}`)
    .join(', ');

/** Whether the stack runs; false when another one serves all ports; throws when neither is so within `graceMs`. */
const startOrShare = async (stack: DevStack, options: ServeOptions): Promise<boolean> => {
  let triesLeft = Math.ceil((options.graceMs ?? GRACE_MS) / PROBE_EVERY_MS);
  for (;;) {
    const takenPort = await tryStart(stack);
    if (takenPort === undefined) return true;
    if (await isServedByAnother(stack)) return false;
    if (triesLeft === 0) throw new Error(`port ${takenPort} is taken, and not by a dev stack`);
    triesLeft -= 1;
    await delay(PROBE_EVERY_MS, undefined, { signal: options.signal });
  }
};

const takeOver = async (stack: DevStack, { pollMs = POLL_MS, signal }: ServeOptions): Promise<void> => {
  // Trying to listen costs the other stack nothing and finds its end by itself.
  do await delay(pollMs, undefined, { signal });
  while ((await tryStart(stack)) !== undefined);
};

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/**
 * Serves the dev stack until the signal aborts. Where another dev stack serves the ports already, that one
 * is shared, and this one takes over when it goes. Rejects when a port belongs to something else.
 */
export const serveDevStack = async (options: ServeOptions): Promise<void> => {
  const stack = await createDevStack(options);
  try {
    if (!(await startOrShare(stack, options))) {
      options.log(`dev stack shared with one that runs already: ${listOf(stack.urls)}`);
      await takeOver(stack, options);
    }
    options.log(`dev stack ready: ${listOf(stack.urls)}`);
    await untilAborted(options.signal);
  } catch (error) {
    if (!options.signal.aborted) throw error;
  } finally {
    await stack.stop();
  }
};
