import { createHash } from 'node:crypto';
import { type RedisConnection, RedisScript } from '@facet/store';
import { type Limit } from '../limit.ts';
import { type Claim, ThrottleStore, type Verdict, verdictOf } from '../throttle.store.ts';
import { type Debt } from './debts.ts';
import { type LocalShare } from './local-share.ts';
import { takeLua } from './take.lua.ts';

const script = new RedisScript(takeLua);

export interface RedisThrottleStoreParts {
  readonly connection: Pick<RedisConnection, 'available' | 'execute' | 'key'>;
  /** Decides while Redis is away. */
  readonly local: LocalShare;
  /** For tests that ask two engines the same question: µs to decide at. Default: the clock of Redis. */
  readonly nowUs?: () => number;
}

/**
 * Buckets shared by all instances of a gateway: one atomic script and one round trip for all limits of a request. All
 * buckets of a gateway have one hash tag, so that limits of any mix of callers, routes and totals can be decided
 * together: in a cluster they live on one node.
 */
export class RedisThrottleStore extends ThrottleStore {
  readonly #parts: RedisThrottleStoreParts;
  readonly #prefixes = new Map<Limit, string>();

  constructor(parts: RedisThrottleStoreParts) {
    super();
    this.#parts = parts;
  }

  override take(claims: readonly Claim[]): Verdict | Promise<Verdict> {
    const { connection, local } = this.#parts;
    return connection.available ? this.#shared(claims, true) : local.take(claims);
  }

  override peek(claims: readonly Claim[]): Verdict | Promise<Verdict> {
    const { connection, local } = this.#parts;
    return connection.available ? this.#shared(claims, false) : local.peek(claims);
  }

  async #shared(claims: readonly Claim[], isTaking: boolean): Promise<Verdict> {
    const { connection, local } = this.#parts;
    const debts = claims.map((claim) => local.debts.collect(claim));
    const keys = claims.map((claim) => this.#key(claim));
    const args = this.#args(claims, debts, isTaking);
    let reply: Promise<unknown> | undefined;
    try {
      const answer = await connection.execute((redis) => (reply = script.run(redis, keys, args)));
      const [admitted, ...rooms] = answer as number[];
      local.learn(claims, rooms);
      return verdictOf(claims, admitted === 1, rooms);
    } catch {
      const verdict = isTaking ? local.takeUnowed(claims) : local.peek(claims);
      void this.#settle(reply, claims, debts, isTaking && verdict.admitted);
      return verdict;
    }
  }

  /** A command that is given up may still be carried out: what Redis has counted then is not owed to it. */
  async #settle(
    reply: Promise<unknown> | undefined,
    claims: readonly Claim[],
    debts: readonly (Debt | undefined)[],
    wasAdmitted: boolean,
  ): Promise<void> {
    const { local } = this.#parts;
    const answer = (await reply?.catch(() => undefined)) as number[] | undefined;
    if (answer === undefined) claims.forEach((claim, index) => local.debts.giveBack(claim, debts[index]));
    if (wasAdmitted && answer?.[0] !== 1) local.owe(claims);
  }

  #args(
    claims: readonly Claim[],
    debts: readonly (Debt | undefined)[],
    isTaking: boolean,
  ): (string | number)[] {
    const args = [this.#parts.nowUs?.() ?? -1, isTaking ? 1 : 0];
    claims.forEach(({ limit: { rate } }, index) => {
      const { requests = 0, ageUs = 0 } = debts[index] ?? {};
      args.push(rate.cost, rate.refill, rate.capacity, requests * rate.cost, ageUs);
    });
    return args;
  }

  #key({ limit, key }: Claim): string {
    let prefix = this.#prefixes.get(limit);
    if (prefix === undefined) {
      prefix = this.#parts.connection.key(`throttle:${limit.id}:`);
      this.#prefixes.set(limit, prefix);
    }
    return prefix + (key.length <= 64 ? key : createHash('sha256').update(key).digest('base64url'));
  }
}
