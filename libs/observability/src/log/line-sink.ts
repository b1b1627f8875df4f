import { writev, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LineBuffer } from './line-buffer.ts';

/** Where log lines go. Writing never waits and never throws. */
export interface LineSink {
  /** @param line UTF-8, with its end; to be read at once: it is written over afterwards */
  write(line: Buffer): void;
  /** Lines lost because the reader was gone or too slow. */
  readonly dropped: number;
}

/** What may wait for a slow reader: beyond it lines are dropped, so that memory stays bounded. */
const maxWaitingBytes = 8 * 1024 * 1024;
/** What comes in this time goes out in one system call: under load that is hundreds of lines. */
const gatherMs = 20;
const retryMs = 50;
const stalledAfterMs = 1000;

/** Lines to a file descriptor, written in the background; a closed or stuck reader costs lines and nothing else. */
export class DescriptorSink implements LineSink {
  readonly #descriptor: number;
  readonly #waiting = new LineBuffer();
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

  write(line: Buffer): void {
    if (this.#isClosed) this.#writeNow([line]);
    else this.#gather(line);
  }

  #gather(line: Buffer): void {
    if (this.#isBroken || this.#waiting.bytes + line.length > maxWaitingBytes) {
      this.dropped++;
      return;
    }
    this.#waiting.add(line);
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
    if (this.#waiting.lines > 0) this.#writeNow(this.#waiting.take());
  }

  #writeNow(pieces: readonly Buffer[]): void {
    const isStuck = this.#writing && performance.now() - this.#writing.sinceMs > stalledAfterMs;
    if (this.#isBroken || isStuck) return;
    try {
      for (const bytes of pieces) {
        for (let offset = 0; offset < bytes.length;) offset += writeSync(this.#descriptor, bytes, offset);
      }
    } catch {
      this.#isBroken = true; // nobody is left to tell
    }
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => this.#writeWaiting(), gatherMs).unref();
  }

  #writeWaiting(): void {
    this.#timer = undefined;
    this.#writing = { lines: this.#waiting.lines, sinceMs: performance.now() };
    this.#writePieces(this.#waiting.take());
  }

  #writePieces(pieces: readonly Buffer[]): void {
    writev(this.#descriptor, pieces, (error, written) => {
      if (error?.code === 'EAGAIN') setTimeout(() => this.#writePieces(pieces), retryMs).unref();
      else if (error) this.#break();
      else {
        const rest = after(pieces, written);
        if (rest.length > 0) this.#writePieces(rest);
        else {
          this.#waiting.giveBack(pieces);
          this.#writing = undefined;
          if (this.#waiting.lines > 0) this.#writeSoon();
        }
      }
    });
  }

  #break(): void {
    this.#isBroken = true;
    this.dropped += this.#waiting.lines + (this.#writing?.lines ?? 0);
    this.#writing = undefined;
    this.#waiting.take();
  }
}

/** What is left of the pieces once so many bytes are gone. */
function after(pieces: readonly Buffer[], written: number): Buffer[] {
  let gone = written;
  return pieces.flatMap((piece) => {
    const cut = Math.min(gone, piece.length);
    gone -= cut;
    return cut === piece.length ? [] : [piece.subarray(cut)];
  });
}
