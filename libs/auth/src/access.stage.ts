import { type Policy, type Principal, Stage, type StageReply, type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { anyCredential } from './access/access-policy.ts';
import { insufficientScope, unauthenticated } from './refusal/refusals.ts';

/** Default deny: the principal's kind must be accepted (401), then every scope and one of the roles be there (403). */
export class AccessStage extends Stage {
  override run(
    { facet: { principal } }: StageRequest,
    _reply: StageReply,
    { access }: Pick<Policy, 'access'>,
  ): void {
    checkKind(principal, access);
    for (const scope of access.scopes) {
      if (!principal.scopes.includes(scope)) throw insufficientScope(principal.kind, access.scopes);
    }
    if (access.roles.length > 0 && !access.roles.some((role) => principal.roles.includes(role))) {
      throw new GatewayError('insufficient_role');
    }
  }
}

function checkKind({ kind }: Principal, { accept, scopes, roles }: Policy['access']): void {
  if (kind === 'anonymous') {
    const isOpen = typeof accept === 'string' && scopes.length === 0 && roles.length === 0;
    if (!isOpen) throw unauthenticated(typeof accept === 'string' ? anyCredential : accept);
  } else if (typeof accept !== 'string' && !accept.includes(kind)) {
    throw unauthenticated(accept);
  }
}
