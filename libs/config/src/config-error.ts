/** The environment or a file it names can't be used; every fault is listed, none shows a secret. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the configuration has ${faults.length} fault(s):\n${faults.join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}
