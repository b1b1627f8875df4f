import { type UpstreamTlsConfig } from '@facet/config';

/** Credentials of the client that a definition may ask for; by default none is passed on. */
export type ForwardedCredential = 'authorization' | 'cookie' | 'x-api-key';

/** What an app says of a service behind it. Everything but name and URL has a default. */
export interface UpstreamDefinition {
  /** Label of logs, metrics, breakers: lower-case letters, digits, `-`; unique. */
  readonly name: string;
  /** `http://127.0.0.1:4002`, with an optional base path; no credentials, query or fragment. */
  readonly url: string;
  /** For an `https` URL: PEM files, read again when they change. Default: the well-known authorities, no certificate of ours. */
  readonly tls?: UpstreamTlsConfig;
  readonly timeouts?: {
    /** TCP and TLS. Default 1,000. */
    readonly connectMs?: number;
    /** From sending to the head of the answer. Default: `attemptMs`. */
    readonly firstByteMs?: number;
    /** Longest silence within a body. Default 5,000. */
    readonly idleMs?: number;
    /** One attempt. Default 3,000, or less so that all attempts fit into `totalMs`. */
    readonly attemptMs?: number;
    /** One call with all its attempts and waits. Default 7,000; the request's deadline may be nearer. */
    readonly totalMs?: number;
  };
  /** Idempotent calls only. */
  readonly retry?:
    | 'off'
    | {
        /** The first included. Default 3, or 2 where three of `attemptMs` would not fit into `totalMs`. */
        readonly attempts?: number;
        /** Default 50. */
        readonly baseDelayMs?: number;
        /** Default 1,000. */
        readonly maxDelayMs?: number;
        /** Default 502, 503, 504. */
        readonly statuses?: readonly number[];
        /** Retries per call, over all callers. Default 0.2, and 3 at once in quiet times. */
        readonly budgetShare?: number;
      };
  /** A second attempt for a GET that takes longer than most of its route. Default: off. */
  readonly hedge?:
    | 'off'
    | {
        /** Share of the route's live calls that are faster. Default 0.95. */
        readonly afterQuantile?: number;
      };
  /** Identical GETs of one principal that are under way at once are sent once. Default false. */
  readonly coalesce?: boolean;
  readonly breaker?:
    | 'off'
    | {
        /** Default 10. */
        readonly volumeThreshold?: number;
        /** Default 50. */
        readonly errorThresholdPercentage?: number;
        /** Default: no call is slow. */
        readonly slowCallMs?: number;
        /** Default 80. */
        readonly slowCallThresholdPercentage?: number;
        /** Default 10,000. */
        readonly windowMs?: number;
        /** Default 2,000. */
        readonly resetTimeoutMs?: number;
      };
  readonly bulkhead?:
    | 'off'
    | {
        /** Calls, and so sockets, at once. Default 128. */
        readonly maxConcurrent?: number;
        /**
         * Calls in line. Default 1,024: whoever is refused comes again at once more often than not, and costs more than
         * one who waits.
         */
        readonly maxQueue?: number;
      };
  /** Longest time that one `Retry-After` of a 503 holds back JSON calls and all retries. Default 30,000. */
  readonly maxPauseMs?: number;
  /** Body of a buffered answer. Default 8 MiB. */
  readonly maxResponseBytes?: number;
  readonly forwardCredentials?: readonly ForwardedCredential[];
}
