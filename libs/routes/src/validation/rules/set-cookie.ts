import { eachNamed } from '../named-fields.ts';

/** Overwriting one Set-Cookie would lose the others: sessions, logouts. */
export const setCookieRule = eachNamed(({ rule, name, to, mode }, { direction }) => {
  if (direction === 'request') return [];
  const written = rule === 'replace' || (rule === 'set' && mode === 'overwrite') ? name : to;
  if (written?.toLowerCase() !== 'set-cookie') return [];
  return [
    'would overwrite Set-Cookie, of which there may be several: set it with mode: append, or remove it',
  ];
});
