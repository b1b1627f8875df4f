import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { GatewayError, type Violation } from '@facet/errors';
import { closedSchema } from './closed-schema.ts';
import { decimalTexts } from './decimal-texts.ts';

export type InputSource = Violation['in'];

// Text sources hold strings only, so numbers and booleans are read from them; a body means what it says.
const exact = new Ajv({ strict: true, validateFormats: false, validateSchema: false });
const coercing = new Ajv({
  strict: true,
  validateFormats: false,
  validateSchema: false,
  coerceTypes: 'array',
  useDefaults: true,
  allErrors: true,
});

const maxPointerLength = 200;
const maxViolations = 50;

/** Checks one part of the input against a schema compiled once; answers it typed, with defaults and numbers read. */
export class InputCheck {
  readonly #validate: ValidateFunction;
  readonly #source: InputSource;
  readonly #decimals: ((input: Record<string, unknown>) => void) | undefined;

  /**
   * @param schema objects in it are closed: unknown members are refused unless it says otherwise
   * @param source `query` and `path` tell every fault; `body` the first, as a large one may hold thousands
   */
  constructor(schema: object, source: InputSource) {
    this.#source = source;
    this.#decimals = source === 'body' ? undefined : decimalTexts(schema);
    this.#validate = (source === 'body' ? exact : coercing).compile(closedSchema(schema));
  }

  /** @throws GatewayError `invalid_input` naming what is wrong and where */
  check(input: unknown): unknown {
    // Coercion writes into what it reads; query and parameters are this request's own objects.
    const value = input ?? (this.#source === 'body' ? undefined : {});
    this.#decimals?.(value as Record<string, unknown>);
    if (this.#validate(value)) return value;
    const errors = (this.#validate.errors ?? []).slice(0, maxViolations);
    throw new GatewayError('invalid_input', { violations: errors.map((error) => this.#violation(error)) });
  }

  #violation(error: ErrorObject): Violation {
    const member: unknown = error.params['additionalProperty'] ?? error.params['missingProperty'];
    const suffix = typeof member === 'string' ? `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}` : '';
    return {
      in: this.#source,
      pointer: `${error.instancePath}${suffix}`.slice(0, maxPointerLength),
      message: messageOf(error),
    };
  }
}

function messageOf(error: ErrorObject): string {
  if (error.keyword === 'additionalProperties') return 'is not known';
  if (error.keyword === 'required') return 'is required';
  return error.message ?? 'is invalid';
}
