import { type FSWatcher, readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { type Clock, type TimerHandle } from '@facet/context';

/** Editors write in several steps: all of them are one change. */
const settleMs = 50;
/** Where the system does not tell of changes (network mounts), they are seen this late. */
const pollMs = 2_000;

/**
 * Tells of every change of a file's content, however it was replaced: written, renamed over, or by a link that now
 * leads elsewhere (as mounted config maps do it). A file that is gone is a change too.
 */
export class FileWatch {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #onChange: (text: string | undefined) => void;
  #text: string | undefined;
  #watcher: FSWatcher | undefined;
  #settling: TimerHandle | undefined;
  #poll: TimerHandle | undefined;

  /** @param text what is known of the content @param onChange undefined: it can't be read */
  constructor(path: string, text: string, clock: Clock, onChange: (text: string | undefined) => void) {
    this.#path = path;
    this.#text = text;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#watch();
    this.#armPoll();
  }

  close(): void {
    this.#watcher?.close();
    if (this.#settling !== undefined) this.#clock.clearTimeout(this.#settling);
    if (this.#poll !== undefined) this.#clock.clearTimeout(this.#poll);
  }

  /** The folder, not the file: the file itself may be replaced by another. */
  #watch(): void {
    try {
      this.#watcher = watch(dirname(this.#path), { persistent: false }, this.#settle);
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // No inotify to be had: the poll sees changes too.
    }
  }

  readonly #settle = (): void => {
    if (this.#settling !== undefined) this.#clock.clearTimeout(this.#settling);
    this.#settling = this.#clock.setTimeout(this.#look, settleMs);
  };

  #armPoll(): void {
    this.#poll = this.#clock.setTimeout(() => {
      this.#look();
      this.#armPoll();
    }, pollMs);
  }

  readonly #look = (): void => {
    const text = readText(this.#path);
    if (text === this.#text) return;
    this.#text = text;
    this.#onChange(text);
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
