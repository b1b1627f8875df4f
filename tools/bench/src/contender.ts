import { type ChildProcess } from 'node:child_process';

/** What a contender is asked, over and over. */
export interface Probe {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a body is the right answer; asked once, later answers must have its length (and, sampled, its bytes). */
  readonly right: (body: string) => boolean;
}

export interface RunningContender {
  readonly probe: Probe;
  /** Its CPU time is read from these processes and their children. */
  readonly processes: readonly ChildProcess[];
  stop(): Promise<void>;
}

/** What a contender finds on the machine. */
export interface Surroundings {
  /** A service that answers `GET /orders` and everything else with `ordersBody`. */
  readonly upstreamUrl: string;
  readonly ordersBody: string;
  readonly issuer: string;
  readonly jwksUrl: string;
  /** PEM of the RS256 key, for HAProxy. */
  readonly publicKeyFile: string;
  /** A token of the premium tier that outlives the run. */
  readonly token: string;
  /** Scratch folder, gone at the end. */
  readonly folder: string;
}

/** One thing that is measured. */
export interface Contender {
  readonly name: string;
  /** What it does per request, for the table. */
  readonly work: string;
  /** Why it can't run here; undefined when it can. */
  readonly missing?: () => string | undefined;
  readonly start: (surroundings: Surroundings) => Promise<RunningContender>;
}
