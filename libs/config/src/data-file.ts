import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { type Static, type TSchema } from 'typebox';
import { parse } from 'yaml';

// Schemas are ours and typed: checking them against the meta-schema would cost every start 10 ms an instance.
const ajv = new Ajv({ allErrors: true, strict: false, validateSchema: false });

/** What a file gave: its content as the schema says, or what is wrong with it. */
export type FileResult<T> = { readonly value: T } | { readonly faults: readonly string[] };

/** Reads a JSON or YAML file (JSON is YAML) and checks it; every fault names the place in the file. */
export function readDataFile<S extends TSchema>(path: string, schema: S): FileResult<Static<S>> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { faults: [unreadable(error)] };
  }
  return parseData(path, text, schema);
}

/** Without the path: where there is no such file, it may be its content, put into the variable by mistake. */
export function unreadable(error: unknown): string {
  return `names a file that can't be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
}

function parseData<S extends TSchema>(path: string, text: string, schema: S): FileResult<Static<S>> {
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    return { faults: [`${path} is neither JSON nor YAML`] };
  }
  const validate = ajv.compile(schema);
  if (validate(value)) return { value: value as Static<S> };
  return { faults: onePerPlace(validate.errors ?? []).map((error) => `${path}${wording(error)}`) };
}

/** Told of a value itself, these are about what is in it. */
const aboutMembers: ReadonlySet<string> = new Set(['additionalProperties', 'required']);

/**
 * A value of several possible forms fails each of them: what is told is what is wrong inside it, or, when nothing is,
 * that it has none of the forms.
 */
function onePerPlace(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = new Set(errors.filter(isOfUnion).map(({ instancePath }) => instancePath));
  return errors.filter((error) => {
    const place = error.instancePath;
    if (!unions.has(place) || aboutMembers.has(error.keyword)) return true;
    return isOfUnion(error) && !errors.some((other) => isInside(other, place));
  });
}

function isOfUnion({ keyword }: ErrorObject): boolean {
  return keyword === 'anyOf';
}

function isInside({ instancePath, keyword }: ErrorObject, place: string): boolean {
  return instancePath.startsWith(`${place}/`) || (instancePath === place && aboutMembers.has(keyword));
}

function wording(error: ErrorObject): string {
  const message = isOfUnion(error) ? 'has none of the forms it may have' : error.message;
  return `${error.instancePath} ${message}${extra(error.params as Record<string, unknown>)}`;
}

function extra(params: Record<string, unknown>): string {
  const name = params['additionalProperty'];
  return typeof name === 'string' ? ` (${name})` : '';
}
