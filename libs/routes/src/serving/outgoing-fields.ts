import { type Principal, type StageRequest } from '@facet/context';
import {
  connectionNames,
  type HeaderField,
  identityHeaders,
  isHopByHop,
  isIdentityHeader,
} from '@facet/upstream';
import { type Route } from '../route.ts';
import { type Field } from '../transforms/field-rules.ts';
import { reservedHeaderFault } from '../transforms/reserved-headers.ts';
import { type TemplateValues } from '../transforms/template.ts';

const credentials: ReadonlySet<string> = new Set(['authorization', 'cookie', 'x-api-key']);

/** The header section of a request after the route's rules, told apart by who is its author. */
export interface OutgoingFields {
  /** The client's; the upstream's own hygiene is still to come. */
  readonly headers: readonly HeaderField[];
  /** The gateway's: what rules wrote, and credentials the route passes on. */
  readonly ownHeaders: readonly HeaderField[];
}

/**
 * Header fields as they came: order, case and repetition kept. But for `Host` where an absolute-form target has
 * replaced it (RFC 9112, 3.2.2): the upstream must be told of the host that routes and caches go by.
 */
export function clientFields({ method, raw, headers }: StageRequest): Field[] {
  const { rawHeaders } = raw;
  const fields: Field[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const isHost = name.length === 4 && name.toLowerCase() === 'host';
    fields.push([name, isHost ? String(headers['host'] ?? '') : (rawHeaders[index + 1] as string)]);
  }
  return method === 'OPTIONS' ? fields.map(oneHopLess) : fields;
}

/** `Max-Forwards` of OPTIONS (RFC 9110, 7.6.2); that 0 is not forwarded has been seen to before. */
function oneHopLess([name, value]: Field): Field {
  return name.toLowerCase() === 'max-forwards' && /^\d+$/.test(value)
    ? [name, String(Number(value) - 1)]
    : [name, value];
}

/** Applies the rules of a route to what the client may send on. */
export function outgoingFields(route: Route, fields: Field[], values: () => TemplateValues): OutgoingFields {
  const passed = route.declaration.forwardCredentials;
  if (!route.requestHeaders && !passed?.length) return { headers: fields, ownHeaders: [] };
  const known = endToEnd(fields);
  const made = route.requestHeaders?.(known, values()) ?? known;
  const ofClient = new Set<HeaderField>(known);
  const isOwn = (field: HeaderField): boolean =>
    !ofClient.has(field) || passed?.some((name) => name === field[0].toLowerCase()) === true;
  // `Host` is not for the rules, and the upstream is told of it.
  const host = fields.filter(([name]) => name.toLowerCase() === 'host');
  return { headers: [...host, ...made.filter((field) => !isOwn(field))], ...together(made, isOwn) };
}

/** Own fields replace the client's of the same name, so a name that is written in part is own as a whole. */
function together(made: readonly HeaderField[], isOwn: (field: HeaderField) => boolean) {
  const names = new Set(made.filter(isOwn).map(([name]) => name.toLowerCase()));
  return {
    ownHeaders: made.filter((field) => {
      const name = field[0].toLowerCase();
      return isOwn(field) || (names.has(name) && !credentials.has(name));
    }),
  };
}

/** What rules may see: nothing that ends at this hop or claims an identity. */
function endToEnd(fields: readonly Field[]): Field[] {
  const named = connectionNames(fields);
  return fields.filter(([name]) => {
    const lower = name.toLowerCase();
    return lower !== 'host' && !isHopByHop(lower) && !named?.has(lower) && !isIdentityHeader(lower);
  });
}

/**
 * The fields a cache judges `Vary` by: those the upstream will see, identity included.
 * @param forwarded credentials of the client that the upstream's definition asks for
 */
export function varyFields(
  { headers, ownHeaders }: OutgoingFields,
  principal: Principal,
  forwarded: readonly string[],
): HeaderField[] {
  const replaced =
    ownHeaders.length === 0 ? undefined : new Set(ownHeaders.map(([name]) => name.toLowerCase()));
  const seen: HeaderField[] = [];
  for (const field of headers) {
    const name = field[0].toLowerCase();
    if (replaced?.has(name) === true || reservedHeaderFault('request', name) !== undefined) continue;
    if (!credentials.has(name) || forwarded.includes(name)) seen.push(field);
  }
  seen.push(...ownHeaders);
  const identity: string[] = [];
  identityHeaders(principal, identity);
  for (let at = 0; at < identity.length; at += 2) {
    seen.push([identity[at] as string, identity[at + 1] as string]);
  }
  return seen;
}
