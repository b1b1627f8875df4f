import { type ScriptedField, type Step } from './scenario.ts';

/** One answer of a scripted origin. */
export interface OriginAnswer {
  readonly status: number;
  readonly headers: [string, string][];
  readonly body: string;
}

type Fields = readonly (readonly [string, string])[];

/** Answers a scenario's steps as written, and notes what it was asked. */
export class ScriptedOrigin {
  /** Request fields per step, of every time it was asked in that step. */
  readonly asked = new Map<number, Fields[]>();
  readonly #steps: readonly Step[];
  readonly #now: () => number;
  readonly #body: string;

  /** @param now wall time, ms since the epoch */
  constructor(steps: readonly Step[], now: () => number, body: string) {
    this.#steps = steps;
    this.#now = now;
    this.#body = body;
  }

  /** @throws when the step's origin is silent */
  answer(index: number, headers: Fields): OriginAnswer {
    this.asked.set(index, [...(this.asked.get(index) ?? []), headers]);
    const { method, answer = {}, expect } = this.#steps[index] ?? {};
    if (answer.silent) throw new Error('no answer');
    const confirms = expect?.from === 'etag' || expect?.from === 'date';
    const status = confirms && this.#matches(index, headers) ? 304 : (answer.status ?? 200);
    return {
      status,
      headers: [
        ...fieldsAt(answer.headers ?? [], this.#now()),
        ['Step', String(index)],
        ...this.#date(answer.headers),
      ],
      body: status === 304 || status === 204 || method === 'HEAD' ? '' : (answer.body ?? this.#body),
    };
  }

  #date(headers: readonly ScriptedField[] = []): [string, string][] {
    return headers.some(([name]) => name === 'Date') ? [] : [['Date', new Date(this.#now()).toUTCString()]];
  }

  /** The validators of the step before, sent back as they were. */
  #matches(index: number, headers: Fields): boolean {
    const before =
      this.#steps.slice(0, index).findLast((step) => step.answer?.headers)?.answer?.headers ?? [];
    const etag = before.find(([name]) => name === 'ETag')?.[1];
    const changed = before.find(([name]) => name === 'Last-Modified')?.[1];
    const sent = (name: string) => headers.find(([field]) => field.toLowerCase() === name)?.[1];
    if (etag !== undefined) return sent('if-none-match') === etag;
    const since = sent('if-modified-since');
    return since !== undefined && (typeof changed === 'number' || since === changed);
  }
}

/** The fields with their dates written out. */
export function fieldsAt(fields: readonly ScriptedField[], nowMs: number): [string, string][] {
  return fields.map(([name, value]) => [
    name,
    typeof value === 'number' ? new Date(nowMs + value * 1000).toUTCString() : value,
  ]);
}
