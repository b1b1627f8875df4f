export { AuthClientModule } from './auth-client.module.ts';
export { AuthClient } from './auth.client.ts';
export { loginLimits } from './login-limits.ts';
export {
  type Credentials,
  credentialsSchema,
  type RefreshRequest,
  refreshSchema,
  type Tokens,
  tokensSchema,
} from './tokens.ts';
