import { type JwtAlgorithm } from '@facet/config';
import { type Clock, type TimerHandle } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { type GatewayLog } from '@facet/management';
import { type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { keysUnavailable } from '../refusal/refusals.ts';
import { type JwksSource } from './jwks.source.ts';
import { type AuthMode, type KeyQuery, KeySet } from './key-set.ts';
import { KeyTable } from './key-table.ts';
import { type VerificationKey } from './verification-key.ts';

const refreshMs = 300_000;
const cooldownMs = 30_000;
const minRetryMs = 1_000;
const maxRetryMs = 30_000;
const fetchTimeoutMs = 2_000;

/**
 * The keys of a JWKS: fetched at the start without holding it up, every 5 minutes, and at once when a token names a key
 * nobody knows, though for unknown keys not more than once in 30 s. One fetch at a time, shared. When it fails the last
 * keys stay, and it is tried again after 1 s, doubling to 30 s.
 */
export class JwksKeySet extends KeySet implements OnModuleInit, OnModuleDestroy {
  #table: KeyTable | undefined;
  #flight: Promise<void> | undefined;
  #timer: TimerHandle | undefined;
  #nextAttemptAtMs = 0;
  #attemptedAtMs = Number.NEGATIVE_INFINITY;
  #unknownAskedAtMs = Number.NEGATIVE_INFINITY;
  /** In a row. */
  #failures = 0;
  #isClosed = false;

  constructor(
    private readonly source: JwksSource,
    private readonly algorithms: readonly JwtAlgorithm[],
    private readonly clock: Clock,
    private readonly log: GatewayLog | undefined,
  ) {
    super();
    const misfit = algorithms.find((alg) => alg.startsWith('HS'));
    if (misfit !== undefined) throw new Error(`JWT_ALGORITHMS: ${misfit} does not fit JWT_JWKS_URL`);
  }

  override get mode(): AuthMode {
    if (this.#table === undefined) return 'no-keys';
    return this.#failures > 0 ? 'stale-keys' : 'normal';
  }

  override get size(): number {
    return this.#table?.size ?? 0;
  }

  onModuleInit(): void {
    void this.refresh();
  }

  onModuleDestroy(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer) this.clock.clearTimeout(this.#timer);
    return this.source.close();
  }

  override find(query: KeyQuery): VerificationKey | undefined | Promise<VerificationKey | undefined> {
    return this.#table?.find(query) ?? this.#findFresh(query);
  }

  /** Fetches now, or joins the fetch under way. Never rejects: `mode` tells how it went. */
  refresh(): Promise<void> {
    this.#flight ??= this.#fetch().finally(() => (this.#flight = undefined));
    return this.#flight;
  }

  override suspect(error: unknown): void {
    if (!isOutage(error) || this.#failures > 0 || this.#isClosed || this.#flight !== undefined) return;
    // The service may be down and its keys be there: nobody asks for them again with every login that fails.
    const nowMs = this.clock.monotonic();
    const dueAtMs = Math.max(nowMs, this.#attemptedAtMs + minRetryMs);
    if (this.#nextAttemptAtMs > dueAtMs) this.#schedule(dueAtMs - nowMs);
  }

  async #findFresh(query: KeyQuery): Promise<VerificationKey | undefined> {
    // A fetch under way may have begun before the issuer's rotation: one more may be needed after it.
    if (this.#flight) await this.#flight;
    const found = this.#table?.find(query);
    if (found) return found;
    if (this.#flight !== undefined || this.#mayAskForUnknown()) await this.refresh();
    const key = this.#table?.find(query);
    if (key === undefined && this.mode !== 'normal') throw keysUnavailable(this.#untilNextAttemptMs());
    return key;
  }

  #mayAskForUnknown(): boolean {
    const nowMs = this.clock.monotonic();
    if (this.#table === undefined) return nowMs >= this.#attemptedAtMs + minRetryMs;
    if (nowMs < this.#unknownAskedAtMs + cooldownMs) return false;
    this.#unknownAskedAtMs = nowMs;
    return true;
  }

  async #fetch(): Promise<void> {
    const patience = new AbortController();
    const timer = this.clock.setTimeout(() => patience.abort(), fetchTimeoutMs);
    this.#attemptedAtMs = this.clock.monotonic();
    try {
      const document = await this.source.fetch(patience.signal);
      const table = KeyTable.read(document, this.algorithms, this.#table);
      if (!table) throw new Error('the issuer published no usable key');
      this.#succeeded(table);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.clock.clearTimeout(timer);
      this.#schedule(
        this.#failures === 0 ? refreshMs : Math.min(maxRetryMs, minRetryMs * 2 ** (this.#failures - 1)),
      );
    }
  }

  #succeeded(table: KeyTable): void {
    if (this.#failures > 0)
      this.log?.info('issuer keys fetched again', { context: 'auth', count: table.size });
    this.#table = table;
    this.#failures = 0;
  }

  #failed(error: unknown): void {
    this.#failures++;
    if (this.#failures === 1 && !this.#isClosed) {
      this.log?.warn('issuer keys not fetched', { context: 'auth', state: this.mode, error });
    }
  }

  #schedule(delayMs: number): void {
    if (this.#timer) this.clock.clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#nextAttemptAtMs = this.clock.monotonic() + delayMs;
    this.#timer = this.clock.setTimeout(() => void this.refresh(), delayMs);
  }

  #untilNextAttemptMs(): number {
    return Math.max(minRetryMs, this.#nextAttemptAtMs - this.clock.monotonic());
  }
}

/** Not reached, or no answer that is one. */
function isOutage(error: unknown): boolean {
  return error instanceof GatewayError && error.status >= 502 && error.status <= 504;
}
