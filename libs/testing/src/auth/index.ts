export { type AuthenticatorCase, describeAuthenticator } from './authenticator.contract.ts';
export { describeRevocationStore } from './revocation-store.contract.ts';
export { ScriptedJwks } from './scripted-jwks.ts';
export { stageReply, stageRequest } from './stage-request.ts';
export { rawToken, TestIssuer, type TestKey, testKey } from './test-issuer.ts';
export { describeTierResolver } from './tier-resolver.contract.ts';
