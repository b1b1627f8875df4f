/**
 * Whether a `Content-Type` is JSON in UTF-8, and nothing else: `application/json`, at most with `charset=utf-8`.
 * Anything that another parser might read otherwise is not.
 */
export function isJsonMediaType(contentType: string): boolean {
  if (contentType === 'application/json') return true;
  return /^application\/json[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*(?:utf-8|"utf-8")[ \t]*)?;?$/i.test(
    contentType,
  );
}
