import { type Clock } from '@facet/context';
import { type RedisConnection, RedisScript } from '@facet/store';
import { type Revocation, revocableKinds } from './revocation.ts';
import { type RevocationNews, RevocationStore } from './revocation.store.ts';
import { addLua, newsLua } from './revocations.lua.ts';

const add = new RedisScript(addLua);
const news = new RedisScript(newsLua);
/** Entries one command may carry: its time is bounded too. */
const perCommand = 1000;

/** One list for the whole family, since its gateways take the same tokens and keys. Read on from where one was. */
export class RedisRevocationStore extends RevocationStore {
  readonly #connection: Pick<RedisConnection, 'execute' | 'familyKey'>;
  readonly #clock: Clock;
  readonly #keys: readonly string[];
  /** Of the list read so far; empty before there was one. */
  #epoch = '';
  #last = '0';

  constructor(connection: Pick<RedisConnection, 'execute' | 'familyKey'>, clock: Clock) {
    super();
    this.#connection = connection;
    this.#clock = clock;
    this.#keys = ['state', 'log', 'ends'].map((name) => connection.familyKey(`revocations:${name}`));
  }

  override async add(revocations: readonly Revocation[]): Promise<void> {
    for (let from = 0; from < revocations.length; from += perCommand) {
      const entries = revocations.slice(from, from + perCommand).flatMap(written);
      await this.#connection.execute((redis) => add.run(redis, this.#keys, [this.#clock.now(), ...entries]));
    }
  }

  override async news(): Promise<RevocationNews> {
    const args = [this.#epoch, this.#last];
    const answer = await this.#connection.execute((redis) => news.run(redis, this.#keys, args));
    const [epoch, entries] = answer as [string, string[]];
    const isSame = epoch === this.#epoch;
    const hasLost = !isSame && this.#epoch !== '';
    this.#epoch = epoch;
    this.#last = entries.at(-1) ?? (isSame ? this.#last : '0');
    const added = entries.filter((_, index) => index % 2 === 0).flatMap(read);
    return { added, hasLost, hasMore: entries.length === 2 * perCommand };
  }
}

/** `session 1767225600000 1767226500000 <id>`, and its end as a score. */
function written({ kind, id, atMs, untilMs }: Revocation): [string, string] {
  const end = Number.isFinite(untilMs) ? whole(untilMs) : 'inf';
  return [`${kind} ${whole(atMs)} ${end} ${id}`, `${end === 'inf' ? '+' : ''}${end}`];
}

/** Digits only, never earlier: times may come from claims, which hold any number. */
function whole(ms: number): string {
  return String(Math.min(Math.max(Math.ceil(ms), 0), Number.MAX_SAFE_INTEGER));
}

/** What another version wrote and this one does not know is left alone. */
function read(entry: string): Revocation[] {
  const [, kindName, at, end, id = ''] = /^(\w+) (\d+) (\d+|inf) (.+)$/s.exec(entry) ?? [];
  const kind = revocableKinds.find((known) => known === kindName);
  if (kind === undefined) return [];
  return [{ kind, id, atMs: Number(at), untilMs: end === 'inf' ? Number.POSITIVE_INFINITY : Number(end) }];
}
