/** What one request may bring before it is refused, unread where possible. */
export const limits = {
  urlBytes: 8 * 1024,
  headerBytes: 16 * 1024,
  headerCount: 100,
  queryParameters: 100,
  jsonDepth: 64,
  jsonKeys: 10_000,
} as const;
