import { each } from '../declared-route.ts';

/** Scopes and roles belong to somebody. */
export const accessRule = each(({ declaration: { auth, scopes, roles } }, fault) => {
  if (auth !== 'public') return [];
  const named = [scopes && 'scopes', roles && 'roles'].filter((name) => name !== undefined);
  return named.map((name) =>
    fault([name], `${name} need a credential, and auth: public asks for none: write jwt, apiKey or any`),
  );
});
