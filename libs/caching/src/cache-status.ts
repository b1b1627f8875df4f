/** How a request was answered, for the metric, the log and `decisions.cache`. */
export type CacheResult = 'hit' | 'stale' | 'revalidated' | 'miss' | 'collapsed' | 'bypass';

/** Why a request went to the origin (RFC 9211 section 2.2). */
export type ForwardReason = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'request' | 'stale';

export interface Forwarding {
  readonly fwd: ForwardReason;
  readonly fwdStatus?: number | undefined;
  readonly stored?: boolean | undefined;
  readonly collapsed?: boolean | undefined;
  /** A token. */
  readonly detail?: string | undefined;
}

/** This cache's member of `Cache-Status` (RFC 9211) for a request that was forwarded. */
export function forwardedStatus(name: string, forwarding: Forwarding): string {
  let status = `${name}; fwd=${forwarding.fwd}`;
  if (forwarding.fwdStatus !== undefined) status += `; fwd-status=${forwarding.fwdStatus}`;
  if (forwarding.stored) status += '; stored';
  if (forwarding.collapsed) status += '; collapsed';
  if (forwarding.detail !== undefined) status += `; detail=${forwarding.detail}`;
  return status;
}
