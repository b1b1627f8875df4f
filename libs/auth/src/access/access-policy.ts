import { type AccessPolicy, type CredentialKind } from '@facet/context';

/** Metadata key of the rule on a handler or class: an `AccessPolicy`. */
export const ACCESS_METADATA = 'facet:access';

/** What a rule accepts that does not say: told from a rule that lists the same kinds by identity. */
export const anyCredential: readonly CredentialKind[] = Object.freeze(['bearer', 'apiKey', 'session']);

/** A class or a method: `object` so that abstract and private constructors fit too. */
type Target = object;

const policies = new WeakMap<Target, WeakMap<Target, AccessPolicy>>();

/**
 * The rule of an endpoint, made once: the handler's, completed word by word (credentials, scopes, roles) by its
 * class's and that of the class's parents. Undefined: there is none.
 * Kept per class and handler, since two controllers may inherit one handler under different rules.
 */
export function accessPolicy(type: Target, handler: Target): AccessPolicy | undefined {
  const known = policies.get(type)?.get(handler);
  if (known) return known;
  const policy = resolve([handler, ...lineage(type)]);
  if (!policy) return undefined;
  const ofType = policies.get(type) ?? new WeakMap<Target, AccessPolicy>();
  policies.set(type, ofType.set(handler, policy));
  return policy;
}

/** The rule written on this very class or method. */
export function ownAccess(target: Target): AccessPolicy | undefined {
  return Reflect.getOwnMetadata(ACCESS_METADATA, target) as AccessPolicy | undefined;
}

export function isOpen({ accept }: AccessPolicy): boolean {
  return typeof accept === 'string';
}

function resolve(targets: readonly Target[]): AccessPolicy | undefined {
  const rules = targets.map(ownAccess).filter((rule) => rule !== undefined);
  return rules.length === 0 ? undefined : Object.freeze(rules.reduce(completed));
}

/** An open rule, inner or outer, has no words to pass on. */
function completed(inner: AccessPolicy, outer: AccessPolicy): AccessPolicy {
  if (isOpen(inner) || isOpen(outer)) return inner;
  return {
    accept: inner.accept === anyCredential ? outer.accept : inner.accept,
    scopes: inner.scopes.length > 0 ? inner.scopes : outer.scopes,
    roles: inner.roles.length > 0 ? inner.roles : outer.roles,
  };
}

function lineage(type: Target): Target[] {
  const parent = Object.getPrototypeOf(type) as Target | null;
  return parent === null || parent === Function.prototype ? [type] : [type, ...lineage(parent)];
}
