import { join } from 'node:path';
import { type Faults } from '@facet/tools-upstreams';
import { endChild, nextMessage, spawnScript } from './children.ts';

export type User = 'free' | 'paid' | 'premium' | 'enterprise' | 'admin';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The dev stack in a process of its own, so that its work takes no time from the test. */
export class Services implements AsyncDisposable {
  readonly urls: Readonly<Record<string, string>>;
  readonly #stop: () => Promise<unknown>;

  private constructor(urls: Readonly<Record<string, string>>, stop: () => Promise<unknown>) {
    this.urls = urls;
    this.#stop = stop;
  }

  static async start(): Promise<Services> {
    const child = spawnScript(join(import.meta.dirname, 'services-process.ts'));
    const urls = await nextMessage<Record<string, string>>(child);
    return new Services(urls, () => endChild(child, 'SIGKILL'));
  }

  /** Logs in at auth-service itself, so that no limit of a gateway counts it. */
  async tokens(username: User): Promise<Tokens> {
    const answer = await fetch(`${this.urls['auth']}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: 'demo' }),
    });
    return (await answer.json()) as Tokens;
  }

  async accessToken(username: User): Promise<string> {
    return (await this.tokens(username)).accessToken;
  }

  /** @param faults undefined: sound again */
  async spoil(service: string, faults: Faults | undefined): Promise<void> {
    const answer = await fetch(`${this.urls[service]}/__faults`, {
      method: faults === undefined ? 'DELETE' : 'POST',
      ...(faults === undefined ? {} : { body: JSON.stringify(faults) }),
      headers: { 'content-type': 'application/json' },
    });
    if (!answer.ok) throw new Error(`${service} took no faults: ${answer.status}`);
  }

  /** Requests a service has seen on a path, whatever the method. */
  async hits(service: string, path: string): Promise<number> {
    const hits = (await (await fetch(`${this.urls[service]}/__hits`)).json()) as Record<string, number>;
    return hits[path] ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}
