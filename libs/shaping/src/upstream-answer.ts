import { GatewayError } from '@facet/errors';
import { Ajv, type ValidateFunction } from 'ajv';
import { type Static, type TSchema } from 'typebox';

const ajv = new Ajv({ strict: false, validateSchema: false });

/**
 * Compiles the check every answer of an upstream passes before a view sees it, so that views can be total functions.
 * Members the schema does not name are left as they are.
 * @throws GatewayError `upstream_protocol_error` naming the upstream; where the answer deviates is for the log only
 */
export function upstreamAnswer<S extends TSchema>(upstream: string, schema: S): (body: unknown) => Static<S> {
  const fits: ValidateFunction<Static<S>> = ajv.compile<Static<S>>(schema);
  return (body) => {
    if (fits(body)) return body;
    const [error] = fits.errors ?? [];
    throw new GatewayError('upstream_protocol_error', {
      upstream,
      cause: new TypeError(`answer of ${upstream} at ${error?.instancePath || '/'}: ${error?.message}`),
    });
  };
}
