import { type Reason, reasonDefinition } from './reasons.ts';
import { type UserMessageKey } from './user-messages.ts';

/** One thing wrong with the input: where (a JSON pointer with its source, `body/items/0/quantity`) and what. */
export interface Violation {
  readonly in: 'query' | 'body' | 'path' | 'header';
  readonly pointer: string;
  readonly message: string;
}

/** A part of an aggregate that is missing, and why. */
export interface PartGap {
  readonly part: string;
  readonly reason: Reason;
}

export interface GatewayErrorOptions {
  /** For the client: never upstream text, URLs or stacks. Default: the reason's title. */
  readonly detail?: string;
  /** Sent as `Retry-After` in whole seconds, rounded up, and as the member `retryAfter`. */
  readonly retryAfterMs?: number;
  readonly violations?: readonly Violation[];
  readonly parts?: readonly PartGap[];
  /** A sentence an app may show to its user: a key of the catalogue, localised, or text sent as it is. */
  readonly userMessage?: UserMessageKey | (string & {});
  /** Which upstream is the cause; named in `Proxy-Status`. */
  readonly upstream?: string;
  /** Overrides the reason's RFC 9209 error type where one reason has several causes. */
  readonly proxyStatus?: string;
  /** Header fields the answer must carry: `WWW-Authenticate`, `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes of the request are left unread, or its framing is in doubt: the connection is closed after the answer. */
  readonly closeConnection?: boolean;
  /** For logs, never for the client. */
  readonly cause?: unknown;
}

/** The one error of the family: a reason and what the answer needs. Anything else thrown becomes `internal_error`. */
export class GatewayError extends Error {
  readonly reason: Reason;
  readonly status: number;
  readonly options: GatewayErrorOptions;

  constructor(reason: Reason, options: GatewayErrorOptions = {}) {
    const definition = reasonDefinition(reason);
    super(
      options.detail ?? definition.title,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'GatewayError';
    this.reason = reason;
    this.status = definition.status;
    this.options = options;
  }

  /** Error type for `Proxy-Status` (RFC 9209), when an upstream is the cause. */
  get proxyStatus(): string | undefined {
    return this.options.proxyStatus ?? reasonDefinition(this.reason).proxyStatus;
  }
}
