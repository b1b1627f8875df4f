import { isUtf8 } from 'node:buffer';
import { GatewayError } from '@facet/errors';
import { limits } from './limits.ts';

/**
 * Parses a JSON body: UTF-8, at most 64 deep and 10,000 keys, without `__proto__` and `constructor.prototype` anywhere.
 * @throws GatewayError `malformed_request`
 */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) return refuse('The body is empty');
  if (!isUtf8(body)) return refuse('The body is not UTF-8');
  const mayPoison = checkShape(body);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return refuse('The body is not JSON'); // the parser's own words quote the body
  }
  if (mayPoison) checkNames(value);
  return value;
}

const quote = 0x22;
const backslash = 0x5c;

/** Counts depth and keys over the bytes, before anything is built from them; answers whether names need a look. */
function checkShape(body: Buffer): boolean {
  let depth = 0;
  let keys = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (byte === quote) i = endOfString(body, i + 1);
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > limits.jsonDepth) refuse('The body is nested too deep');
    } else if (byte === 0x7d || byte === 0x5d) depth--;
    else if (byte === 0x3a && ++keys > limits.jsonKeys) refuse('The body has too many keys');
  }
  return body.includes('__proto__') || body.includes('constructor') || body.includes('\\u');
}

/** Index of the closing quote, or the end of the body. */
function endOfString(body: Buffer, start: number): number {
  let end = body.indexOf(quote, start);
  while (end !== -1 && isEscaped(body, end, start)) end = body.indexOf(quote, end + 1);
  return end === -1 ? body.length : end;
}

function isEscaped(body: Buffer, index: number, start: number): boolean {
  let backslashes = 0;
  while (index - 1 - backslashes >= start && body[index - 1 - backslashes] === backslash) backslashes++;
  return backslashes % 2 === 1;
}

/** At most 64 deep, so recursion is safe. */
function checkNames(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) refuse('The body names __proto__');
  const own: unknown = Object.hasOwn(value, 'constructor') ? Reflect.get(value, 'constructor') : undefined;
  if (typeof own === 'object' && own !== null && Object.hasOwn(own, 'prototype')) {
    refuse('The body names constructor.prototype');
  }
  for (const member of Object.values(value)) checkNames(member);
}

function refuse(detail: string): never {
  throw new GatewayError('malformed_request', { detail });
}
