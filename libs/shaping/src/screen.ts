import { type StageReply } from '@facet/context';
import { Type } from 'typebox';

/** Members every screen ends with: whether anything is missing or old, and which parts, and why. */
export const partGapsSchema = {
  partial: Type.Boolean(),
  parts: Type.Array(Type.Object({ part: Type.String(), reason: Type.String() })),
};

/**
 * Lets a client keep its own screen for 15 s, a partial one for 2 s, so that a gap goes with the outage. Never for
 * another caller: a cache in the app must not show one user's screen to the next.
 */
export function screenCacheControl(reply: StageReply, partial: boolean): void {
  reply.header('Cache-Control', partial ? 'private, max-age=2' : 'private, max-age=15');
  reply.header('Vary', 'Authorization, X-API-Key');
}
