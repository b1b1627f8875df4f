/** Primary subtag, lower case, of the first language range of `Accept-Language` (RFC 9110, section 12.5.4); `en` without one. */
export function firstLanguage(header: string | undefined): string {
  if (header === undefined) return 'en';
  let end = 0;
  while (end < header.length && end < 8 && isLetter(header.charCodeAt(end))) end++;
  return end === 0 ? 'en' : header.slice(0, end).toLowerCase();
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}
