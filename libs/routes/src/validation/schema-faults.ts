import { Ajv, type ErrorObject } from 'ajv';
import { routeFileSchema } from '../declaration/route-file.schema.ts';
import { pathText } from '../declaration/route-source.ts';

/** A part of the source that the schema refuses, and why. */
export interface SchemaFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const ajv = new Ajv({ allErrors: true, strict: false, verbose: true, validateSchema: false });

/** Everything in a source that the schema does not know or allow: shapes, types, unknown and missing keys. */
export function schemaFaults(value: unknown): SchemaFault[] {
  // Compiled when the first source is checked: a gateway without routes starts without it.
  const validate = ajv.compile(routeFileSchema);
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  return errors.filter((error) => isMeant(error, errors)).map(toFault);
}

/**
 * Of a failed union Ajv reports every branch. Meant are the faults inside the branch of the author's own shape; when
 * there are none, the union itself.
 */
function isMeant(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword === 'anyOf')
    return !errors.some((other) => isInside(other, error) && speaksOfInside(other, error));
  const union = errors.find((other) => other.keyword === 'anyOf' && isInside(error, other));
  return union === undefined || speaksOfInside(error, union);
}

function isInside(error: ErrorObject, union: ErrorObject): boolean {
  return (
    error.schemaPath.startsWith(`${union.schemaPath}/`) && error.instancePath.startsWith(union.instancePath)
  );
}

function speaksOfInside(error: ErrorObject, union: ErrorObject): boolean {
  return (
    error.instancePath.length > union.instancePath.length ||
    error.keyword === 'additionalProperties' ||
    error.keyword === 'required'
  );
}

function toFault(error: ErrorObject): SchemaFault {
  const path = error.instancePath.split('/').slice(1).map(toStep);
  const schema = error.parentSchema as {
    description?: string;
    properties?: Record<string, { description?: string }>;
  };
  const params = error.params as { additionalProperty?: string; missingProperty?: string };
  if (params.additionalProperty !== undefined) {
    const known = Object.keys(schema.properties ?? {}).join(', ');
    return {
      path: [...path, params.additionalProperty],
      message: `unknown key "${params.additionalProperty}"; known here: ${known}`,
    };
  }
  if (params.missingProperty !== undefined) {
    const meaning = schema.properties?.[params.missingProperty]?.description;
    return { path, message: `${params.missingProperty} is missing${meaning ? `: ${meaning}` : ''}` };
  }
  const subject = pathText(path.length > 1 && path[0] === 'routes' ? path.slice(2) : path) || 'it';
  return {
    path,
    message: `${subject} must be ${schema.description ?? error.message?.replace(/^must (be )?/, '') ?? 'valid'}`,
  };
}

function toStep(step: string): string | number {
  return /^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~');
}
