/** Time and connection limits of the public port; what a slow or greedy client can hold. */
export interface ServerLimits {
  /** For the whole header section, counted from the connection for the first request. */
  readonly headersTimeoutMs: number;
  /** For a whole request; buffered bodies end earlier, at the deadline. */
  readonly requestTimeoutMs: number;
  /** Between requests: longer than the usual 60 s of balancers, so that they close first. */
  readonly keepAliveTimeoutMs: number;
  /** Without a byte in either direction, a reader that has stopped included. */
  readonly idleTimeoutMs: number;
  readonly maxRequestsPerConnection: number;
  /** From one address, IPv6 by its /64; trusted proxies are not counted. */
  readonly maxConnectionsPerAddress: number;
}

export const defaultServerLimits: ServerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 300_000,
  keepAliveTimeoutMs: 65_000,
  idleTimeoutMs: 120_000,
  maxRequestsPerConnection: 10_000,
  maxConnectionsPerAddress: 4096,
};
