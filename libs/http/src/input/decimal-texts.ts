type Texts = Record<string, unknown>;
type Members = Readonly<Record<string, { readonly type?: unknown } | undefined>>;

/** At most 15 digits: more are no longer exact. */
const integer = /^-?\d{1,15}$/;
const number = /^-?\d{1,15}(?:\.\d{1,15})?$/;
/** Nothing that could be read as a number. */
const noNumber = 'no number';

/**
 * What makes sure that numbers in texts are written in decimal digits. JavaScript, and with it the validator, also reads
 * `0x10`, `1e1`, ` 5` and `5.0`: two spellings of one value, one of which a cache, a log or an upstream reads otherwise.
 * Answers a function that blanks such texts in place, so that the validator refuses them; undefined when a schema has no
 * numbers.
 */
export function decimalTexts(schema: object): ((input: Texts) => void) | undefined {
  const { properties = {} } = schema as { readonly properties?: Members };
  const shapes = Object.entries(properties).flatMap(([name, member]) => {
    if (member?.type === 'integer') return [[name, integer] as const];
    return member?.type === 'number' ? [[name, number] as const] : [];
  });
  if (shapes.length === 0) return undefined;
  return (input) => {
    for (const [name, shape] of shapes) {
      const text = input[name];
      if (typeof text === 'string' && !shape.test(text)) input[name] = noNumber;
    }
  };
}
