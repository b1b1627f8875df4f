import { type Clock, type TimerHandle } from '@facet/context';
import { type GatewayLog } from '@facet/management';
import { type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Revocable, type Revocation } from './revocation.ts';
import { type RevocationStore } from './revocation.store.ts';

/** Well below the 5 s within which every instance must know. */
const refreshMs = 2000;
const dayMs = 86_400_000;

/**
 * What is revoked, as this instance knows it: asking is a look-up in this process. What is revoked here counts here at
 * once and on all instances within 2 s; while the shared store is away, all that was known counts on, and what is
 * revoked meanwhile is told on its return. There is no way back: a revocation ends when its credentials have.
 */
export class Revocations implements OnModuleInit, OnModuleDestroy {
  readonly #store: RevocationStore;
  readonly #clock: Clock;
  readonly #log: GatewayLog | undefined;
  /** By kind and id; of several the one that ends last. */
  readonly #known = new Map<string, Revocation>();
  #untold: Revocation[] = [];
  #timer: TimerHandle | undefined;
  #refreshing: Promise<void> | undefined;
  #isClosed = false;

  constructor(store: RevocationStore, clock: Clock, log?: GatewayLog) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  get size(): number {
    return this.#known.size;
  }

  onModuleInit(): Promise<void> {
    return this.refresh();
  }

  onModuleDestroy(): void {
    this.#isClosed = true;
    if (this.#timer) this.#clock.clearTimeout(this.#timer);
  }

  /** @param forMs until the last credential it could refuse has ended. Default: a key for ever, else 24 h */
  revoke(kind: Revocation['kind'], id: string, forMs = kind === 'key' ? Infinity : dayMs): Promise<void> {
    const atMs = this.#clock.now();
    return this.add({ kind, id, atMs, untilMs: atMs + forMs });
  }

  /** One that adds nothing to what is known is told to nobody. */
  async add(revocation: Revocation): Promise<void> {
    if (this.#covers(revocation)) return;
    const { kind, id } = revocation;
    this.#learn(revocation);
    this.#untold.push(revocation);
    this.#log?.info('revoked', { context: 'auth', state: kind, ...(kind === 'key' ? { name: id } : {}) });
    await this.refresh();
    // The exchange that was under way may have begun before.
    if (this.#untold.length > 0) await this.refresh();
  }

  /** Whether a verified credential is revoked. */
  refuses({ principal: { keyId, sessionId, subject }, issuedAtMs }: Revocable): boolean {
    if (this.#known.size === 0) return false;
    if (keyId !== undefined) return this.#known.has(`key ${keyId}`);
    if (sessionId !== undefined && this.#known.has(`session ${sessionId}`)) return true;
    const ofSubject = this.#known.get(`subject ${subject}`);
    return ofSubject !== undefined && issuedAtMs <= ofSubject.atMs;
  }

  /** Tells and hears now, or joins the exchange under way. Never rejects. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#exchange().finally(() => {
      this.#refreshing = undefined;
      this.#schedule();
    });
    return this.#refreshing;
  }

  async #exchange(): Promise<void> {
    const telling = this.#untold;
    this.#untold = [];
    try {
      if (telling.length > 0) await this.#store.add(telling);
    } catch {
      // The store is away: its breaker knows, and the next exchange tries again.
      this.#untold = [...telling, ...this.#untold];
    }
    await this.#hear().catch(() => undefined);
    this.#forgetEnded();
  }

  async #hear(): Promise<void> {
    for (let hasMore = true; hasMore;) {
      const news = await this.#store.news();
      for (const revocation of news.added) this.#learn(revocation);
      if (news.hasLost) this.#untold = [...this.#known.values()];
      ({ hasMore } = news);
    }
  }

  #covers({ kind, id, atMs, untilMs }: Revocation): boolean {
    const known = this.#known.get(`${kind} ${id}`);
    // When it was revoked decides for a subject only: a later one refuses tokens that the earlier one does not.
    return known !== undefined && known.untilMs >= untilMs && (kind !== 'subject' || known.atMs >= atMs);
  }

  #learn(revocation: Revocation): void {
    const key = `${revocation.kind} ${revocation.id}`;
    const known = this.#known.get(key);
    this.#known.set(key, {
      ...revocation,
      atMs: Math.max(revocation.atMs, known?.atMs ?? 0),
      untilMs: Math.max(revocation.untilMs, known?.untilMs ?? 0),
    });
  }

  #forgetEnded(): void {
    const nowMs = this.#clock.now();
    for (const [key, { untilMs }] of this.#known) if (untilMs <= nowMs) this.#known.delete(key);
    this.#untold = this.#untold.filter(({ untilMs }) => untilMs > nowMs);
  }

  #schedule(): void {
    if (this.#timer) this.#clock.clearTimeout(this.#timer);
    if (this.#isClosed) return;
    this.#timer = this.#clock.setTimeout(() => void this.refresh(), refreshMs);
  }
}
