import { type CacheScenario, type Expected, type ScriptedField, type Step } from './scenario.ts';
import { fieldsAt, type OriginAnswer, ScriptedOrigin } from './scripted-origin.ts';

type Fields = readonly (readonly [string, string])[];

export interface ScenarioRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Fields;
}

export interface ScenarioResponse {
  readonly status: number;
  readonly headers: Fields;
  readonly body: string;
}

/** A cache as a scenario sees it. */
export interface CacheUnderTest {
  /** Wall time, ms since the epoch. */
  now(): number;
  advance(ms: number): Promise<void>;
  /** Rejects when there is no answer. */
  fetch(request: ScenarioRequest, origin: (headers: Fields) => OriginAnswer): Promise<ScenarioResponse>;
}

/** Runs a scenario. @returns what was not as it must be, one sentence each; empty when all was */
export async function runScenario(scenario: CacheScenario, cache: CacheUnderTest): Promise<string[]> {
  const { steps } = scenario;
  const body = `body of ${scenario.name}`;
  const origin = new ScriptedOrigin(steps, () => cache.now(), body);
  const base = `/${encodeURIComponent(scenario.topic)}/${encodeURIComponent(scenario.name)}`;
  const faults: string[] = [];
  let basisMs = cache.now();
  for (const [index, step] of steps.entries()) {
    // Dates in a request refer to the answer before, as a client would have it from there.
    const request = requestOf(step, base, basisMs);
    basisMs = cache.now();
    const response = await cache
      .fetch(request, (headers) => origin.answer(index, headers))
      .catch(() => undefined);
    const asked = origin.asked.get(index) ?? [];
    const found = check(step, index, response, { asked, body, basisMs });
    faults.push(...found.map((fault) => `step ${index + 1}: ${fault}`));
    if (step.pause !== undefined) await cache.advance(step.pause * 1000);
  }
  return faults;
}

function requestOf(
  { method = 'GET', path = '', headers = [] }: Step,
  base: string,
  nowMs: number,
): ScenarioRequest {
  return { method, path: base + path, headers: fieldsAt(headers, nowMs) };
}

interface Seen {
  readonly asked: readonly Fields[];
  readonly body: string;
  readonly basisMs: number;
}

function check(step: Step, index: number, response: ScenarioResponse | undefined, seen: Seen): string[] {
  const expect = step.expect ?? {};
  if (expect.failure) return response ? [`answered ${response.status}, not a failure`] : [];
  if (!response) return ['no answer'];
  const status = expect.status ?? (expect.from === 'store' ? 200 : (step.answer?.status ?? 200));
  return [
    ...(response.status === status ? [] : [`status ${response.status}, not ${status}`]),
    ...checkSource(expect, index, response, seen),
    ...checkFields(expect, response, seen.basisMs),
    ...checkSent(expect, seen),
    ...checkBody(step, response, seen.body),
  ];
}

function checkSource(
  { from }: Expected,
  index: number,
  response: ScenarioResponse,
  { asked }: Seen,
): string[] {
  const step = valueOf(response.headers, 'step');
  const fromHere = step === String(index);
  switch (from) {
    case undefined:
      return [];
    case 'origin':
      return fromHere ? [] : [`answered out of the store (step ${step})`];
    case 'store':
      return fromHere ? ['answered by the origin'] : [];
    default: {
      const name = from === 'etag' ? 'if-none-match' : 'if-modified-since';
      return asked.some((headers) => valueOf(headers, name) !== undefined) ? [] : [`not asked by ${name}`];
    }
  }
}

function checkFields(expect: Expected, response: ScenarioResponse, nowMs: number): string[] {
  const faults: string[] = [];
  for (const [name, value] of fieldsAt(expect.headers ?? [], nowMs)) {
    const found = valueOf(response.headers, name.toLowerCase());
    if (found !== value) faults.push(`${name} is ${found}, not ${value}`);
  }
  for (const name of expect.without ?? []) {
    if (valueOf(response.headers, name.toLowerCase()) !== undefined) faults.push(`${name} is there`);
  }
  const age = Number(valueOf(response.headers, 'age') ?? NaN);
  if (expect.age !== undefined && !(age >= expect.age))
    faults.push(`Age is ${age}, not at least ${expect.age}`);
  return faults;
}

function checkSent({ sent = [] }: Expected, { asked }: Seen): string[] {
  return sent
    .filter(([name, value]) => !asked.some((headers) => valueOf(headers, name.toLowerCase()) === value))
    .map(([name, value]) => `the origin did not get ${name}: ${value}`);
}

function checkBody(
  { method, answer, expect }: Step,
  { status, body }: ScenarioResponse,
  ofScenario: string,
): string[] {
  const empty = method === 'HEAD' || status === 304 || status === 204;
  const wanted = empty ? '' : (expect?.body ?? answer?.body ?? ofScenario);
  return body === wanted ? [] : [`body is ${JSON.stringify(body)}, not ${JSON.stringify(wanted)}`];
}

function valueOf(headers: Fields, name: string): string | undefined {
  const values = headers.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

export type { ScriptedField };
