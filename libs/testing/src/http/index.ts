export { RecordingLog } from './recording-log.ts';
export { testGatewayConfig } from './test-gateway-config.ts';
export { exchange } from './raw-http.ts';
export { startTestGateway, type TestGateway } from './test-gateway.ts';
