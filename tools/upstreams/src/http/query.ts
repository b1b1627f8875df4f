import { type Inbound } from './exchange.ts';
import { HttpFault } from './http-fault.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const MAX_TEXT_LENGTH = 200;

const invalid = (name: string, rule: string): HttpFault =>
  new HttpFault(400, 'The query does not fit.', { errors: [`${name} ${rule}`] });

/** A parameter at most once and at most 200 characters; undefined when absent. */
export const readText = ({ query }: Inbound, name: string): string | undefined => {
  const [value, second] = query.getAll(name);
  if (second !== undefined) throw invalid(name, 'must be given once');
  if (value !== undefined && value.length > MAX_TEXT_LENGTH) {
    throw invalid(name, `must have at most ${MAX_TEXT_LENGTH} characters`);
  }
  return value;
};

/** `limit`: 1 to 100, 20 when absent. */
export const readLimit = (inbound: Inbound): number => {
  const text = readText(inbound, 'limit');
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw invalid('limit', `must be from 1 to ${MAX_LIMIT}`);
  return limit;
};

export const readOneOf = <Value extends string>(
  inbound: Inbound,
  name: string,
  allowed: readonly Value[],
): Value | undefined => {
  const text = readText(inbound, name);
  if (text === undefined) return undefined;
  const value = allowed.find((candidate) => candidate === text);
  if (value === undefined) throw invalid(name, `must be one of ${allowed.join(', ')}`);
  return value;
};
