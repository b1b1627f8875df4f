/**
 * A JSON string literal of at most `maxLength` characters, without control bytes: log readers and terminals get text
 * and nothing that acts on them.
 */
export function jsonText(text: string, maxLength: number): string {
  const capped = text.length > maxLength ? text.slice(0, maxLength) : text;
  if (isLiteral(capped)) return `"${capped}"`;
  return JSON.stringify(isPlain(capped) ? capped : withoutControls(capped));
}

/** Nothing in it would be escaped: nearly always so. */
function isLiteral(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return false;
  }
  return true;
}

function withoutControls(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ');
}
