/** One thing wrong with a declaration. */
export interface Fault {
  /** `routes.yaml:12`, or `routes[2].path` in code. */
  readonly where: string;
  /** Id of the route, when it has one. */
  readonly route?: string;
  /** What is wrong and what to do; never the value of a header, which may be a secret. */
  readonly message: string;
}

/** The declared routes can't be used; every fault is listed, one a line. */
export class RouteFaults extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly Fault[]) {
    const lines = faults.map(faultLine);
    super(`the declared routes have ${faults.length} fault(s):\n${lines.join('\n')}`);
    this.name = 'RouteFaults';
    this.faults = lines;
  }
}

/** `routes.yaml:12 route "hello": ...` */
export function faultLine({ where, route, message }: Fault): string {
  return route === undefined ? `${where} ${message}` : `${where} route "${route}": ${message}`;
}
