/** "Now" of the data set: no record depends on the day it is looked at. */
export const ANCHOR_MS = Date.UTC(2026, 0, 1);

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** RFC 3339, UTC, whole seconds. */
export const instant = (epochMs: number): string => new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
