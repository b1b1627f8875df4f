import { type IncomingMessage } from 'node:http';
import { type RequestContext } from './request-context.ts';

/** Kinds of credential an endpoint or route may accept. */
export type CredentialKind = 'bearer' | 'apiKey' | 'session';

/** Who may come in. There is no default: an endpoint or route without one does not start. */
export interface AccessPolicy {
  /**
   * `public`: a valid credential is used (for its tier), an invalid one is 401, none is anonymous.
   * `ignore`: public, and credentials are not even read (login). A list: one of these kinds is required.
   */
  readonly accept: 'public' | 'ignore' | readonly CredentialKind[];
  /** All of them are needed. */
  readonly scopes: readonly string[];
  /** One of them is needed; empty: none. */
  readonly roles: readonly string[];
}

/** What a limit counts by: client address, verified subject, API key, the route as a whole, or everything. */
export type LimitKey = 'client' | 'subject' | 'key' | 'route' | 'total';

/** One declared limit. */
export interface LimitPolicy {
  /** Names the limit in headers, logs and metrics; unique within the policy. */
  readonly name: string;
  /** A function may derive the key from the request (a username in a login body); undefined: does not apply. */
  readonly per: LimitKey | ((request: StageRequest) => string | undefined);
  /** Requests per window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Bucket size; default: `limit`. */
  readonly burst?: number;
  /** Default `token-bucket`. */
  readonly algorithm?: 'token-bucket' | 'leaky-bucket';
  /** What happens when the shared store is away. Default `local`. */
  readonly onStoreFailure?: 'local' | 'open' | 'closed';
}

/** All that the guards need to know of an endpoint or route; made once at start. */
export interface Policy {
  /** Route template with the prefix, `/api/mobile/orders/:id`: a label, never a concrete path. */
  readonly route: string;
  readonly access: AccessPolicy;
  /** `tier`: the principal's tier alone; `off`: none; a list: these, and the tier's unless `withoutTier`. */
  readonly limits: 'tier' | 'off' | { readonly list: readonly LimitPolicy[]; readonly withoutTier: boolean };
}

/** The part of a Fastify request that stages may read. */
export interface StageRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly raw: IncomingMessage;
  readonly body?: unknown;
  facet: RequestContext;
}

/** The part of a Fastify reply that stages may write. */
export interface StageReply {
  header(name: string, value: string): unknown;
}

/**
 * One step of the request path (authenticate, throttle, authorize), the same for endpoints and declared routes.
 * It returns to let the request pass and throws a `GatewayError` to refuse it.
 */
export abstract class Stage {
  abstract run(request: StageRequest, reply: StageReply, policy: Policy): void | Promise<void>;
}
