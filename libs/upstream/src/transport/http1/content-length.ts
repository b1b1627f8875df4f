/** Digits, few enough to be counted exactly (RFC 9110, 8.6); undefined: anything else, a list or a sign included. */
export function contentLength(value: string): number | undefined {
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
