import { each } from '../declared-route.ts';
import { isToken } from '../../transforms/reserved-headers.ts';

/** Conditions must be ones a request can meet. */
export const predicatesRule = each(({ declaration: { match = {} } }, fault) => {
  const names = Object.keys(match.headers ?? {});
  const twice = names.filter((name, index) => names.findIndex((other) => isSameName(other, name)) !== index);
  return [
    ...names
      .filter((name) => !isToken(name) || name.includes('_'))
      .map((name) =>
        fault(['match', 'headers', name], `no request has a header "${name}": see its spelling`),
      ),
    ...names
      .filter((name) => isSameName(name, 'host'))
      .map((name) => fault(['match', 'headers', name], 'the host is matched by match.host')),
    ...twice.map((name) => fault(['match', 'headers', name], `header "${name}" stands there twice`)),
  ];
});

function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
