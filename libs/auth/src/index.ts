export {
  AcceptCredentials,
  Authenticated,
  Public,
  type PublicOptions,
  RequireRoles,
  RequireScopes,
} from './access/access.decorators.ts';
export { AccessGuard } from './access.guard.ts';
export { AccessStage } from './access.stage.ts';
export { AuthGuard } from './auth.guard.ts';
export { type AuthOptions } from './auth.module-definition.ts';
export { AuthModule } from './auth.module.ts';
export { AuthStage } from './auth.stage.ts';
export { Authenticator, notMine, type Verdict } from './authenticator.ts';
export { ApiKeyAuthenticator } from './api-key/api-key.authenticator.ts';
export { BearerAuthenticator } from './bearer/bearer.authenticator.ts';
export { JwtStrategy } from './bearer/jwt.strategy.ts';
export { type TokenClaims } from './bearer/token-claims.ts';
export { type AuthMode, KeySet } from './keys/key-set.ts';
export { type Revocation } from './revocation/revocation.ts';
export { type RevocationNews, RevocationStore } from './revocation/revocation.store.ts';
export { Sessions } from './revocation/sessions.ts';
export { ClaimTierResolver, TierResolver } from './tier-resolver.ts';
