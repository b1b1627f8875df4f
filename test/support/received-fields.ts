import { type LastRequest } from '@facet/tools-upstreams';

export type Field = readonly [name: string, value: string];

/** The fields of a request as a service of the dev stack received them: order, case and repetition kept. */
export function fieldsOf(request: LastRequest | undefined): Field[] {
  const raw = request?.rawHeaders ?? [];
  return raw.flatMap((name, index): Field[] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
}

/** All values of a field in any spelling: `_` counts as `-`, as many servers have it. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.filter(([key]) => key.toLowerCase().replaceAll('_', '-') === name).map(([, value]) => value);
}

/** What the fields say of the caller: subject, tier and scopes, each as often as it is there. */
export function identityOf(fields: readonly Field[]): string[][] {
  return ['x-user-id', 'x-user-tier', 'x-user-scopes'].map((name) => valuesOf(fields, name));
}
