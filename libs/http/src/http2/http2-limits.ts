import { type ServerOptions } from 'node:http2';
import { limits } from '../refusal/limits.ts';

/** Requests under way at once on one connection, as announced; more are refused before they cost anything. */
export const maxConcurrentStreams = 100;

/**
 * Header section as announced and enforced: name, value and 32 bytes a field (RFC 9113, section 6.5.2). The room over
 * `limits.headerBytes` is for those 32, and lets what is a little too large be answered 431 instead of reset.
 */
export const maxHeaderListBytes = limits.headerBytes + 4096;

/** Of one connection for all its uploads together; each of them has 64 KiB (RFC 9113, section 6.9.2). */
export const connectionWindowBytes = 1024 * 1024;

/** Frames that only ask for an answer, PING and SETTINGS: as many at once, and as many a second in the long run. */
export const controlFrames = { burst: 200, perSecond: 20 };

/**
 * Requests that break off before their answer: rapid reset (CVE-2023-44487), and errors by which a client makes us
 * reset them (CVE-2025-8671). A browser that leaves a page cancels up to a hundred at once, and not every second.
 */
export const brokenStreams = { burst: 200, perSecond: 50 };

/** What one HTTP/2 connection may hold and do; whoever goes beyond loses the connection, and all that is on it. */
export const http2Options: ServerOptions = {
  settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderListBytes, enableConnectProtocol: false },
  // Counted with every crumb of a cookie: bytes are the limit.
  maxHeaderListPairs: 1024,
  /** MiB of queued answers and tables. */
  maxSessionMemory: 10,
  maxSessionInvalidFrames: 100,
  maxSessionRejectedStreams: 100,
  // Resets that never get as far as a request of ours.
  streamResetBurst: brokenStreams.burst,
  streamResetRate: brokenStreams.perSecond,
  // An upstream that repeats a field is passed on as it is.
  strictSingleValueFields: false,
};
