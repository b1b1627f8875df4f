/** What is known of a name, and what was said last under it. */
interface Said {
  /** False: its owner sees to the field each time. */
  readonly isWritten: boolean;
  value: string;
  line: string;
  /** It has been said again since it was remembered. */
  isRepeated: boolean;
  /** How often something else has been said since. */
  others: number;
  /** So often, and what is said then is remembered instead. */
  patience: number;
}

export interface FieldRules {
  /** Whether the field is written here; false: its owner sees to it each time. Throws when no field may be called so. */
  readonly isWritten: (name: string) => boolean;
  /** Throws when no field may have the value. */
  readonly checkValue: (name: string, value: string) => void;
}

/** Messages have a few dozen names; strangers may make up more, which are not remembered. */
const mostNames = 200;
/** A field that says something new each time is not worth writing down each time, and less and less often. */
const leastPatience = 16;
const mostPatience = 1024;
/** Whoever reads memory finds no more than what is under way. */
const secrets: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'idempotency-key',
  'proxy-authorization',
  'set-cookie',
  'x-api-key',
]);

/**
 * Lines of header sections by name and value. Most fields of most messages say what they said before: those are neither
 * checked nor put together again.
 */
export class LineMemo {
  readonly #rules: FieldRules;
  readonly #said = new Map<string, Said>();

  constructor(rules: FieldRules) {
    this.#rules = rules;
  }

  /** @returns undefined: not written here. Throws what the rules throw. */
  line(name: string, value: string): string | undefined {
    const said = this.#said.get(name);
    if (said === undefined) return this.#first(name, value);
    if (!said.isWritten) return undefined;
    if (isWorthComparing(said) && said.value === value) {
      if (!said.isRepeated) {
        said.isRepeated = true;
        said.patience = leastPatience;
      }
      return said.line;
    }
    this.#rules.checkValue(name, value);
    const line = lineOf(name, value);
    if (++said.others >= said.patience) remember(said, value, line);
    return line;
  }

  #first(name: string, value: string): string | undefined {
    const isWritten = this.#rules.isWritten(name);
    if (isWritten) this.#rules.checkValue(name, value);
    const line = isWritten ? lineOf(name, value) : undefined;
    if (this.#said.size < mostNames && !secrets.has(name.toLowerCase())) {
      this.#said.set(copied(name), {
        isWritten,
        value: isWritten ? copied(value) : '',
        line: line === undefined ? '' : copied(line),
        isRepeated: true,
        others: 0,
        patience: leastPatience,
      });
    }
    return line;
  }
}

/** Comparing costs, too, where a text has been put together of several; what never repeats is compared now and then. */
function isWorthComparing({ patience, others }: Said): boolean {
  return patience < mostPatience || others % leastPatience === 0;
}

function lineOf(name: string, value: string): string {
  return `${name}: ${value}\r\n`;
}

function remember(said: Said, value: string, line: string): void {
  if (!said.isRepeated) said.patience = Math.min(said.patience * 2, mostPatience);
  said.value = copied(value);
  said.line = copied(line);
  said.isRepeated = false;
  said.others = 0;
}

/** In one piece of its own: it may have been cut out of a text that is much longer, or be put together of many. */
function copied(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
