/** The shared store did not answer in its budget, or is known to be away. Never the client's fault, never a 5xx: callers have a fallback. */
export class StoreUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('The shared store is unavailable', options);
    this.name = 'StoreUnavailable';
  }
}
