import { type NamedRule, namedRules } from '../../transforms/named-rules.ts';
import { each } from '../declared-route.ts';
import { type FieldPlace, fieldPlaces } from '../named-fields.ts';

/** Rules that undo one another, or never meet, are mistakes. */
export const contradictionsRule = each((route, fault) =>
  fieldPlaces(route).flatMap((place) => {
    const names = new Names(place);
    return names.all.flatMap((named) => {
      const message = contradiction(named, names);
      const path = [place.direction, place.kind, ...named.path];
      return message === undefined
        ? []
        : [fault(path, `${place.direction}.${place.kind} ${message}: keep one of them`)];
    });
  }),
);

function contradiction({ rule, name, to }: NamedRule, names: Names): string | undefined {
  if (rule === 'rename' && to !== undefined && names.isSame(to, name)) return `renames "${name}" to itself`;
  if (rule === 'rename' && names.has('remove', name)) return `removes "${name}", so rename never finds it`;
  if (rule === 'replace' && names.has('remove', name)) return `removes "${name}", so replace never finds it`;
  if (rule === 'replace' && names.has('rename', name)) return `renames "${name}", so replace never finds it`;
  if (rule === 'allow' && names.has('block', name)) return `allows "${name}" and blocks it`;
  const written = rule === 'set' || rule === 'replace' ? name : to;
  if (written === undefined) return undefined;
  if (names.has('block', written)) return `writes "${written}" and blocks it`;
  return names.isKept(written) ? undefined : `writes "${written}", which allow drops`;
}

/** The names of one set of rules, compared as its kind is. */
class Names {
  readonly all: readonly NamedRule[];
  readonly #kind: FieldPlace['kind'];

  constructor({ kind, rules }: FieldPlace) {
    this.#kind = kind;
    this.all = namedRules(rules);
  }

  isSame(a: string, b: string): boolean {
    return this.#kind === 'headers' ? a.toLowerCase() === b.toLowerCase() : a === b;
  }

  has(rule: NamedRule['rule'], name: string): boolean {
    return this.all.some((named) => named.rule === rule && this.isSame(named.name, name));
  }

  isKept(name: string): boolean {
    return !this.all.some(({ rule }) => rule === 'allow') || this.has('allow', name);
  }
}
