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

/** What Redis is told of a limit. */
interface Told {
  readonly prefix: string;
  readonly rate: string;
}

/**
 * Buckets shared by all instances of a gateway: one atomic script and one round trip for all limits of a request. All
 * buckets of a gateway have one hash tag, so that limits of any mix of callers, routes and totals can be decided
 * together: in a cluster they live on one node.
 */
export class RedisThrottleStore extends ThrottleStore {
  readonly #parts: RedisThrottleStoreParts;
  readonly #told = new Map<Limit, Told>();

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

  #shared(claims: readonly Claim[], isTaking: boolean): Promise<Verdict> {
    const { connection, local } = this.#parts;
    const debts = claims.map((claim) => local.debts.collect(claim));
    const keys = claims.map((claim) => this.#key(claim));
    const args = this.#args(claims, debts, isTaking);
    let reply: Promise<unknown> | undefined;
    return connection
      .execute((redis) => (reply = script.run(redis, keys, args)))
      .then(
        (answer) => {
          const { isAdmitted, rooms } = decisionOf(answer as number | number[]);
          local.learn(claims, rooms);
          return verdictOf(claims, isAdmitted, rooms);
        },
        () => {
          const verdict = isTaking ? local.takeUnowed(claims) : local.peek(claims);
          void this.#settle(reply, claims, debts, isTaking && verdict.admitted);
          return verdict;
        },
      );
  }

  /** A command that is given up may still be carried out: what Redis has counted then is not owed to it. */
  async #settle(
    reply: Promise<unknown> | undefined,
    claims: readonly Claim[],
    debts: readonly (Debt | undefined)[],
    wasAdmitted: boolean,
  ): Promise<void> {
    const { local } = this.#parts;
    const answer = (await reply?.catch(() => undefined)) as number | number[] | undefined;
    if (answer === undefined) claims.forEach((claim, index) => local.debts.giveBack(claim, debts[index]));
    if (wasAdmitted && (answer === undefined || !decisionOf(answer).isAdmitted)) local.owe(claims);
  }

  /** Few and made before, as far as can be: the client writes and measures each of them. */
  #args(claims: readonly Claim[], debts: readonly (Debt | undefined)[], isTaking: boolean): string[] {
    const nowUs = this.#parts.nowUs?.();
    const mode = isTaking ? 'take' : 'look';
    const args = [nowUs === undefined ? mode : `${mode} ${nowUs}`];
    for (let index = 0; index < claims.length; index++) {
      const { limit } = claims[index] as Claim;
      const { rate } = this.#tell(limit);
      const debt = debts[index];
      args.push(debt === undefined ? rate : `${rate} ${debt.requests * limit.rate.cost} ${debt.ageUs}`);
    }
    return args;
  }

  #key({ limit, key }: Claim): string {
    const { prefix } = this.#tell(limit);
    return prefix + (key.length <= 64 ? key : createHash('sha256').update(key).digest('base64url'));
  }

  #tell(limit: Limit): Told {
    let told = this.#told.get(limit);
    if (told === undefined) {
      const { cost, refill, capacity } = limit.rate;
      told = {
        prefix: this.#parts.connection.key(`throttle:${limit.id}:`),
        rate: `${cost} ${refill} ${capacity}`,
      };
      this.#told.set(limit, told);
    }
    return told;
  }
}

/** What the script's answer says. */
function decisionOf(answer: number | number[]): { isAdmitted: boolean; rooms: number[] } {
  if (typeof answer === 'number') {
    return answer >= 0 ? { isAdmitted: true, rooms: [answer] } : { isAdmitted: false, rooms: [-1 - answer] };
  }
  const [admitted, ...rooms] = answer;
  return { isAdmitted: admitted === 1, rooms };
}
