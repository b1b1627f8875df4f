import { type OriginResponse } from '../exchange-types.ts';
import { type StoredHead, type StoredResponse } from '../stored-response.ts';
import { type SharedBody } from './shared-body.ts';

/** How an exchange with the origin ended. */
export type Landing = StoredLanding | StoringLanding | PassingLanding;

/** A stored answer will do: confirmed by a 304, or stale in place of an error. */
export interface StoredLanding {
  readonly kind: 'stored';
  readonly stored: StoredResponse;
  readonly result: 'revalidated' | 'stale';
  /** What the origin said; undefined when it gave no answer. */
  readonly originStatus: number | undefined;
}

/** An answer on its way into the store, for everyone who chooses the same variant. */
export interface StoringLanding {
  readonly kind: 'storing';
  readonly response: OriginResponse;
  readonly head: StoredHead;
  /** Of the request that brought it about. */
  readonly variant: string;
  readonly body: SharedBody | Buffer;
}

/** An answer for the one who asked. */
export interface PassingLanding {
  readonly kind: 'passing';
  readonly response: OriginResponse;
}
