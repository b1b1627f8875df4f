import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

const LIFETIME_MS = 30 * 24 * 3_600_000;
const MAX_SESSIONS = 10_000;
const SECRET_BYTES = 32;

export interface Session {
  id: string;
  subject: string;
}

interface Kept extends Session {
  secretHash: Buffer;
  expiresAtMs: number;
}

export interface IssuedSession {
  session: Session;
  /** `<session id>.<secret>`, good for one refresh. */
  refreshToken: string;
}

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * Sessions behind refresh tokens. Each refresh replaces the token; a token that was replaced, when it
 * comes back, ends the session for its thief and its owner alike (RFC 9700 4.14.2).
 * Holds 10,000; the oldest leave first.
 */
export class Sessions {
  readonly #byId = new Map<string, Kept>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => Date.now()) {
    this.#nowMs = nowMs;
  }

  open(subject: string): IssuedSession {
    const oldest = this.#byId.keys().next();
    if (this.#byId.size >= MAX_SESSIONS && !oldest.done) this.#byId.delete(oldest.value);
    return this.#issue({ id: randomUUID(), subject });
  }

  /** Undefined for a token that is unknown, expired or already used; the last also ends its session. */
  refresh(refreshToken: string): IssuedSession | undefined {
    const [id = '', secret = ''] = refreshToken.split('.');
    const kept = this.#byId.get(id);
    if (kept === undefined) return undefined;
    const isCurrent = timingSafeEqual(kept.secretHash, hash(secret)) && kept.expiresAtMs > this.#nowMs();
    if (isCurrent) return this.#issue(kept);
    this.#byId.delete(id);
    return undefined;
  }

  /** Ends the session of a refresh token; nothing happens for an unknown one (RFC 7009 2.2). */
  close(refreshToken: string): void {
    this.#byId.delete(refreshToken.split('.')[0] ?? '');
  }

  /** Ends every session of a subject and says how many there were. */
  closeAll(subject: string): number {
    const ids = [...this.#byId.values()].filter((kept) => kept.subject === subject).map(({ id }) => id);
    for (const id of ids) this.#byId.delete(id);
    return ids.length;
  }

  #issue({ id, subject }: Session): IssuedSession {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    this.#byId.set(id, { id, subject, secretHash: hash(secret), expiresAtMs: this.#nowMs() + LIFETIME_MS });
    return { session: { id, subject }, refreshToken: `${id}.${secret}` };
  }
}
