export { gatewayEnv } from './gateway-env.ts';
export {
  failingStart,
  type GatewayOptions,
  type GatewayProcess,
  type LogLine,
  startGateway,
} from './gateway-process.ts';
export { type Answer, assertProblem, type CallOptions, HttpClient } from './http-client.ts';
