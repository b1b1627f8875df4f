import { until } from './until.ts';

const kinds = ['TCPSocketWrap', 'TCPServerWrap', 'TCPConnectWrap', 'ProcessWrap', 'Timeout', 'Immediate'];

/** The test runner holds a timer of its own while a hook runs. */
const ofTheRunner: Record<string, number> = { Timeout: 1 };

/** What keeps this process's event loop alive, by kind. */
export class Leftovers {
  readonly #before = count();

  /** Resolves once nothing is open that was not open when this was made; names what remains when that never comes. */
  async gone(): Promise<void> {
    const endMs = performance.now() + 5_000;
    await until(() => this.#more().length === 0 || performance.now() > endMs);
    const more = this.#more();
    if (more.length > 0) throw new Error(`left behind in the test process: ${more.join(', ')}`);
  }

  #more(): string[] {
    const now = count();
    return kinds.filter((kind) => (now[kind] ?? 0) > (this.#before[kind] ?? 0) + (ofTheRunner[kind] ?? 0));
  }
}

function count(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
