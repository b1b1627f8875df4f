import { type RequestContext } from '@facet/context';
import { type LastGood } from './last-good.ts';

/**
 * One upstream call of a screen. `Value` is what the screen gets, `Loaded` what parts that need this one get: they
 * differ where a part may be missing.
 */
export interface Part<Value, Loaded = Value> {
  readonly required: boolean;
  readonly withinMs: number;
  readonly needs: Readonly<Record<string, AnyPart>>;
  readonly load: (context: RequestContext, needs: never) => Promise<Loaded>;
  readonly stale?: StaleCopies<Loaded>;
  /** Holds the static default; absent: a failed part is a gap. */
  readonly otherwise?: { readonly value: Value };
}

export type AnyPart = Part<unknown, unknown>;
type Needs = Readonly<Record<string, AnyPart>>;

/** What a part's `load` gets of the parts it needs: always present, because it does not start without them. */
export type Loaded<N extends Needs> = {
  readonly [Name in keyof N]: N[Name] extends Part<unknown, infer Value> ? Value : never;
};

/** Where copies of earlier answers are kept, and under which key; identity belongs in the key of personal data. */
export interface StaleCopies<T> {
  readonly copies: LastGood<T>;
  readonly key: string;
}

export interface RequiredOptions<T, N extends Needs> {
  /** Counted from the start of the aggregate, so that a chain of parts can't add its limits up. */
  readonly withinMs: number;
  /** Parts whose results this one waits for; everything else starts at once. */
  readonly needs?: N;
  /** Must hand `context` to what it calls: its signal and deadline are the part's own. */
  readonly load: (context: RequestContext, needs: Loaded<N>) => Promise<T>;
}

export interface OptionalOptions<T, N extends Needs> extends RequiredOptions<T, N> {
  /** First rung of the ladder: the last good answer. */
  readonly stale?: StaleCopies<T>;
}

/** A part the screen can't be shown without: when it fails, the aggregate fails with its error. */
export function required<T, N extends Needs = Record<never, never>>(options: RequiredOptions<T, N>): Part<T> {
  return { ...options, required: true, needs: options.needs ?? {} };
}

/**
 * A part that may be missing. When it fails or its time is up, the answer is filled from `stale`, else from
 * `otherwise`, else left out; in each case the gap is named.
 */
export function optional<T, N extends Needs = Record<never, never>>(
  options: OptionalOptions<T, N> & { readonly otherwise: T },
): Part<T>;
export function optional<T, N extends Needs = Record<never, never>>(
  options: OptionalOptions<T, N>,
): Part<T | undefined, T>;
export function optional<T, N extends Needs>(
  options: OptionalOptions<T, N> & { readonly otherwise?: T },
): Part<T | undefined, T> {
  const { otherwise, needs, ...rest } = options;
  return {
    ...rest,
    required: false,
    needs: needs ?? {},
    ...('otherwise' in options ? { otherwise: { value: otherwise } } : {}),
  };
}
