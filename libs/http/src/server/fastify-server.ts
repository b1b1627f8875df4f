import { type IncomingMessage } from 'node:http';
import { type Socket } from 'node:net';
import {
  fastify,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { limits } from '../refusal/limits.ts';
import { routedUrl } from '../request/request-target.ts';
import { type VersionPaths } from '../versions/version-paths.ts';
import { GatewayResponse } from './gateway-response.ts';
import { type ServerLimits } from './server-limits.ts';
import { type TlsMaterial } from './tls.ts';

export interface FastifyServerSettings {
  readonly bodyLimitBytes: number;
  readonly limits: ServerLimits;
  readonly versionPaths: VersionPaths;
  readonly tls: TlsMaterial | undefined;
  /** Offer HTTP/2 where TLS is spoken; something else must serve it. */
  readonly http2: boolean;
  readonly onClientError: (error: Error, socket: Socket) => void;
  readonly onFrameworkError: (error: Error, request: FastifyRequest, reply: FastifyReply) => void;
}

/** The Fastify instance with Node's parser at its strictest and every limit set. */
export function createFastify(settings: FastifyServerSettings): FastifyInstance {
  const { limits: server, versionPaths, tls } = settings;
  const ALPNProtocols = settings.http2 ? ['h2', 'http/1.1'] : ['http/1.1'];
  const node = {
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
    // Checked by ourselves, to answer with a problem.
    requireHostHeader: false,
    joinDuplicateHeaders: false,
    headersTimeout: server.headersTimeoutMs,
    connectionsCheckingInterval: Math.min(2000, server.headersTimeoutMs),
    keepAliveTimeoutBuffer: 0,
    noDelay: true,
    ServerResponse: GatewayResponse,
  };
  const instance = fastify({
    ...(tls ? { https: { ...node, ...tls, ALPNProtocols } } : { http: node }),
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: false,
    genReqId: () => '',
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout: server.requestTimeoutMs,
    keepAliveTimeout: server.keepAliveTimeoutMs,
    // Not for every request: see `IdleLimit`.
    connectionTimeout: 0,
    maxRequestsPerSocket: server.maxRequestsPerConnection,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: limits.urlBytes },
    rewriteUrl: (raw: IncomingMessage) => routedUrl(raw, versionPaths),
    clientErrorHandler: settings.onClientError,
    frameworkErrors: (error, request, reply) => {
      settings.onFrameworkError(error, request as FastifyRequest, reply as FastifyReply);
    },
  });
  // Counted by ourselves: Node would drop the rest in silence.
  instance.server.maxHeadersCount = 0;
  return instance;
}
