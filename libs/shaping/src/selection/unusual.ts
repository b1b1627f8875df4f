/**
 * Thrown where bytes are none of JSON, or such that reading them fast would take too much code: whoever catches it
 * leaves the whole body to `JSON.parse`, which decides. One for all, as nobody sees it.
 */
export const unusual = new Error('to be read by JSON.parse');
