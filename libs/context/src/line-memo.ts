/** What was said last under a name, as a line. */
interface Said {
  value: string;
  line: string;
  /** How often something else has been said since. */
  others: number;
}

/** Messages have a few dozen names; strangers may make up more, which are not remembered. */
const mostNames = 200;
/** A field that says something new each time is not worth writing down each time. */
const othersBefore = 16;
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
  readonly #make: (name: string, value: string) => string | undefined;
  readonly #said = new Map<string, Said>();

  /** @param make checks a field and writes its line; undefined: it is to be seen to each time. What it throws is passed on. */
  constructor(make: (name: string, value: string) => string | undefined) {
    this.#make = make;
  }

  line(name: string, value: string): string | undefined {
    const said = this.#said.get(name);
    if (said !== undefined && said.value === value) return said.line;
    const line = this.#make(name, value);
    if (line === undefined) return undefined;
    if (said === undefined) {
      if (this.#said.size < mostNames && !secrets.has(name.toLowerCase())) {
        this.#said.set(copied(name), remembered(value, line));
      }
    } else if (++said.others >= othersBefore) Object.assign(said, remembered(value, line));
    return line;
  }
}

function remembered(value: string, line: string): Said {
  return { value: copied(value), line: copied(line), others: 0 };
}

/** In one piece of its own: it may have been cut out of a text that is much longer, or be put together of many. */
function copied(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
