import 'reflect-metadata';
import { type AccessPolicy, type CredentialKind } from '@facet/context';
import { ACCESS_METADATA, anyCredential, ownAccess } from './access-policy.ts';

type AccessDecorator = ClassDecorator & MethodDecorator;

export interface PublicOptions {
  /** `use`: a valid credential counts (its tier), an invalid one is 401. `ignore`: none is read (login). */
  readonly credentials?: 'use' | 'ignore';
}

/** Anybody may come in. On a handler it lifts the whole rule of its class. */
export function Public({ credentials = 'use' }: PublicOptions = {}): AccessDecorator {
  return rule('Public', { accept: credentials === 'ignore' ? 'ignore' : 'public' });
}

/** Any verified principal, by any kind of credential, may come in. */
export function Authenticated(): AccessDecorator {
  return rule('Authenticated', {});
}

/** The principal needs all of these scopes; on a handler they replace those of its class. */
export function RequireScopes(...scopes: [string, ...string[]]): AccessDecorator {
  const bad = scopes.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  if (bad !== undefined) throw new Error(`@RequireScopes: no scope of RFC 6749: ${JSON.stringify(bad)}`);
  return rule('RequireScopes', { scopes });
}

/** The principal needs one of these roles; on a handler they replace those of its class. */
export function RequireRoles(...roles: [string, ...string[]]): AccessDecorator {
  return rule('RequireRoles', { roles });
}

/** Only these kinds of credential are accepted; on a handler they replace those of its class. */
export function AcceptCredentials(...kinds: [CredentialKind, ...CredentialKind[]]): AccessDecorator {
  return rule('AcceptCredentials', { accept: kinds });
}

/** Adds words to the rule of one class or method. A word said twice, or beside `@Public`, is a mistake: it throws. */
function rule(name: string, words: Partial<AccessPolicy>): AccessDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const subject = (descriptor?.value ?? target) as object;
    const own = ownAccess(subject);
    const where = key === undefined ? (target as { name?: string }).name : String(key);
    if (own && contradicts(own, words))
      throw new Error(`@${name} contradicts another access rule of ${where}`);
    const policy: AccessPolicy = { accept: anyCredential, scopes: [], roles: [], ...own, ...words };
    Reflect.defineMetadata(ACCESS_METADATA, Object.freeze(policy), subject);
  };
}

function contradicts(own: AccessPolicy, words: Partial<AccessPolicy>): boolean {
  return (
    typeof own.accept === 'string' ||
    typeof words.accept === 'string' ||
    (words.accept !== undefined && own.accept !== anyCredential) ||
    (words.scopes !== undefined && own.scopes.length > 0) ||
    (words.roles !== undefined && own.roles.length > 0)
  );
}
