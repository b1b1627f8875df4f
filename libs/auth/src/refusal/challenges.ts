import { type CredentialKind } from '@facet/context';

/** HTTP has no registered scheme for keys in a field of their own or for cookies; these names are in common use. */
const schemes: Readonly<Record<CredentialKind, string>> = {
  bearer: 'Bearer',
  apiKey: 'ApiKey',
  session: 'Cookie',
};

/**
 * One challenge of `WWW-Authenticate` (RFC 9110, section 11.6.1; parameters of RFC 6750, section 3).
 * @param parameters values without `"` and `\`: ours, never the client's
 */
export function challenge(kind: CredentialKind, parameters: Readonly<Record<string, string>> = {}): string {
  const fields = Object.entries({ realm: 'facet', ...parameters });
  return `${schemes[kind]} ${fields.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

/** A challenge for each kind, as one field value. A session is only named when nothing else would be. */
export function challenges(kinds: readonly CredentialKind[]): string {
  const named = kinds.filter((kind) => kind !== 'session' || kinds.length === 1);
  return named.map((kind) => challenge(kind)).join(', ');
}
