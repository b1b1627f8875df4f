import { type ManagementRequest, type ManagementRoutes } from '@facet/management';
import { Ajv } from 'ajv';
import { type Static, Type } from 'typebox';
import { revocableKinds } from './revocation.ts';
import { type Revocations } from './revocations.ts';

const yearSeconds = 365 * 86_400;

const revocationSchema = Type.Object(
  {
    kind: Type.Enum([...revocableKinds]),
    id: Type.String({ minLength: 1, maxLength: 255 }),
    ttlSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: yearSeconds })),
  },
  { additionalProperties: false },
);
const ajv = new Ajv({ validateSchema: false });

/**
 * `POST /revocations` with `{ "kind": "key" | "session" | "subject", "id": ..., "ttlSeconds"?: ... }`: counts on all
 * instances of the family within 5 s. Answers 202.
 */
export function addRevocationRoutes(routes: ManagementRoutes, revocations: Revocations): void {
  routes.add('POST', '/revocations', async ({ body }: ManagementRequest) => {
    if (!ajv.validate<Static<typeof revocationSchema>>(revocationSchema, body)) {
      return { status: 400, body: { error: 'expected { "kind": "key|session|subject", "id": "..." }' } };
    }
    const { kind, id, ttlSeconds } = body;
    await revocations.revoke(kind, id, ttlSeconds === undefined ? undefined : ttlSeconds * 1000);
    return { status: 202, body: { kind, id } };
  });
}
