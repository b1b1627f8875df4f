export { type ForwardRequest, type ForwardResponse, type InterimListener } from './forward-request.ts';
export { type ForwardedRequest, forwardedRequest } from './forwarding/forwarded-request.ts';
export { forwardedResponse } from './forwarding/forwarded-response.ts';
export { connectionNames, type HeaderField, isHopByHop } from './forwarding/header-fields.ts';
export { identityHeaders, isIdentityHeader } from './forwarding/identity.ts';
export { type JsonAnswer } from './json-answer.ts';
export { UpstreamMetrics } from './metrics.ts';
export { type OutgoingAttempt, OutgoingCall, type OutgoingCallParts } from './outgoing-call.ts';
export { assertOriginForm, path, queryString, type QueryValue } from './path.ts';
export { type StageWrapper } from './pipeline.ts';
export { TransportFactory, SocketTransportFactory } from './transport-factory.ts';
export {
  type BufferedAnswer,
  type StreamedAnswer,
  Transport,
  type TransportAttempt,
  type TransportRequest,
  type TransportStats,
} from './transport/transport.ts';
export { type BodyReader, type UpstreamCall, type UpstreamResponse } from './upstream-call.ts';
export { type ForwardedCredential, type UpstreamDefinition } from './upstream-definition.ts';
export { UpstreamHttp, upstreamHttp } from './upstream-http.ts';
export { upstreamHealth, type UpstreamReport, upstreamReport } from './upstream-report.ts';
export { UpstreamClient } from './upstream.client.ts';
export { UpstreamModule } from './upstream.module.ts';
export { type UpstreamModuleOptions } from './upstream.module-definition.ts';
export { type Upstream, Upstreams } from './upstreams.ts';
export { type UpstreamSettings, upstreamSettings } from './upstream-settings.ts';
