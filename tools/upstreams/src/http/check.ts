import { Ajv } from 'ajv';
import { type Static, type TSchema } from 'typebox';
import { HttpFault } from './http-fault.ts';

const ajv = new Ajv({ allErrors: true });

export type Check<Schema extends TSchema> = (value: unknown) => Static<Schema>;

/** Returns the value itself when it fits the schema, else throws 400 with one line per fault. */
export const createCheck = <Schema extends TSchema>(schema: Schema): Check<Schema> => {
  const validate = ajv.compile<Static<Schema>>(schema);
  return (value) => {
    if (validate(value)) return value;
    const errors = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || '/'} ${message}`,
    );
    throw new HttpFault(400, 'The input does not fit.', { errors });
  };
};
