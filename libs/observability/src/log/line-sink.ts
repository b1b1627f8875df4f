import { write, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Where log lines go. Writing never waits and never throws. */
export interface LineSink {
  /** @param line without its end */
  write(line: string): void;
  /** Lines lost because the reader was gone or too slow. */
  readonly dropped: number;
}

/** What may wait for a slow reader: beyond it lines are dropped, so that memory stays bounded. */
const maxWaitingChars = 8 * 1024 * 1024;
/** What comes in this time goes out in one system call: under load that is hundreds of lines. */
const gatherMs = 20;
const retryMs = 50;
const stalledAfterMs = 1000;

/** Lines to a file descriptor, written in the background; a closed or stuck reader costs lines and nothing else. */
export class DescriptorSink implements LineSink {
  readonly #descriptor: number;
  #waiting = '';
  #waitingLines = 0;
  /** Lines handed to the system, and when. */
  #writing: { lines: number; sinceMs: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isBroken = false;
  #isClosed = false;
  dropped = 0;

  /** @param descriptor default stdout */
  constructor(descriptor = 1) {
    this.#descriptor = descriptor;
  }

  write(line: string): void {
    if (this.#isClosed) this.#writeNow(`${line}\n`);
    else this.#gather(line);
  }

  #gather(line: string): void {
    if (this.#isBroken || this.#waiting.length + line.length > maxWaitingChars) {
      this.dropped++;
      return;
    }
    this.#waiting += `${line}\n`;
    this.#waitingLines++;
    if (!this.#writing) this.#writeSoon();
  }

  /** Resolves when the write under way has ended, or hangs. */
  async settled(): Promise<void> {
    const endMs = performance.now() + stalledAfterMs;
    while (this.#writing && performance.now() < endMs) await delay(1);
  }

  /** For the end of the process: from here on lines are written at once, unless the reader has stopped and would hold us. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (this.#waitingLines > 0) this.#writeNow(this.#takeWaiting());
  }

  #writeNow(text: string): void {
    const isStuck = this.#writing && performance.now() - this.#writing.sinceMs > stalledAfterMs;
    if (this.#isBroken || isStuck) return;
    const bytes = Buffer.from(text);
    try {
      for (let offset = 0; offset < bytes.length;) offset += writeSync(this.#descriptor, bytes, offset);
    } catch {
      this.#isBroken = true; // nobody is left to tell
    }
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => this.#writeWaiting(), gatherMs).unref();
  }

  #takeWaiting(): string {
    const text = this.#waiting;
    this.#waiting = '';
    this.#waitingLines = 0;
    return text;
  }

  #writeWaiting(): void {
    this.#timer = undefined;
    this.#writing = { lines: this.#waitingLines, sinceMs: performance.now() };
    this.#writeBytes(Buffer.from(this.#takeWaiting()));
  }

  #writeBytes(bytes: Buffer): void {
    write(this.#descriptor, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => this.#writeBytes(bytes), retryMs).unref();
      else if (error) this.#break();
      else if (written < bytes.length) this.#writeBytes(bytes.subarray(written));
      else {
        this.#writing = undefined;
        if (this.#waitingLines > 0) this.#writeSoon();
      }
    });
  }

  #break(): void {
    this.#isBroken = true;
    this.dropped += this.#waitingLines + (this.#writing?.lines ?? 0);
    this.#writing = undefined;
    this.#takeWaiting();
  }
}
