/** A field of an origin's answer; a number is a date so many seconds from that answer. */
export type ScriptedField = readonly [name: string, value: string | number];

/** What the origin says when a step's request reaches it. */
export interface ScriptedAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: readonly ScriptedField[];
  /** Default: a text of the scenario's own. */
  readonly body?: string;
  /** No answer comes. */
  readonly silent?: true;
}

/**
 * Where an answer must come from: `store`: an earlier step's answer; `origin`: this step's; `etag`, `date`: an
 * earlier one that the origin confirmed when asked by If-None-Match or If-Modified-Since.
 */
export type Source = 'store' | 'origin' | 'etag' | 'date';

export interface Expected {
  readonly from?: Source;
  /** Default: 200, or what the step's origin says. */
  readonly status?: number;
  readonly headers?: readonly ScriptedField[];
  readonly without?: readonly string[];
  readonly body?: string;
  /** At least so many seconds. */
  readonly age?: number;
  /** What the origin got. */
  readonly sent?: readonly (readonly [name: string, value: string])[];
  /** No answer at all, and nothing stored in its place. */
  readonly failure?: true;
}

/** One request, what the origin would say to it, and what must come of it. */
export interface Step {
  /** Default GET. */
  readonly method?: string;
  /** Default: the scenario's own path; `/other` is put behind it. */
  readonly path?: string;
  readonly headers?: readonly ScriptedField[];
  readonly answer?: ScriptedAnswer;
  readonly expect?: Expected;
  /** Seconds that pass afterwards. */
  readonly pause?: number;
}

export interface CacheScenario {
  readonly topic: string;
  readonly name: string;
  /** `must`: a shared cache that does otherwise is wrong. `better`: it is allowed to, but of less use. */
  readonly kind: 'must' | 'better';
  readonly steps: readonly Step[];
}

type Fields = readonly ScriptedField[];

/** Scenarios of one topic. */
export class Topic {
  readonly scenarios: CacheScenario[] = [];
  readonly #topic: string;

  constructor(topic: string) {
    this.#topic = topic;
  }

  must(name: string, ...steps: Step[]): void {
    this.scenarios.push({ topic: this.#topic, name, kind: 'must', steps });
  }

  better(name: string, ...steps: Step[]): void {
    this.scenarios.push({ topic: this.#topic, name, kind: 'better', steps });
  }

  /** An answer with these fields, asked for again after three seconds, must not come out of the store. */
  notReused(name: string, headers: Fields, answer: ScriptedAnswer = {}): void {
    this.must(name, { answer: { ...answer, headers }, pause: 3 }, { expect: { from: 'origin' } });
  }

  /** The same, and it should come out of the store. */
  reused(name: string, headers: Fields, answer: ScriptedAnswer = {}): void {
    this.better(
      name,
      { answer: { ...answer, headers }, pause: 3 },
      { expect: { from: 'store', status: answer.status ?? 200 } },
    );
  }
}
