import { HttpCode } from '@nestjs/common';
import { type TSchema } from 'typebox';
import { extendResponseSchema } from '../route-metadata.ts';

/**
 * What an endpoint answers: compiled into the serializer, so that a field which is not in the schema cannot leave.
 * An answer that does not fit is 500 and logged.
 * @param options.status default: Nest's own, 201 for POST and 200 for the rest
 */
export function Answers(schema: TSchema, options: { readonly status?: number } = {}): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    // Every 2xx, so that another status is no way round the schema.
    extendResponseSchema(descriptor.value as object, '2xx', schema);
    if (options.status !== undefined) HttpCode(options.status)(target, key, descriptor);
  };
}
