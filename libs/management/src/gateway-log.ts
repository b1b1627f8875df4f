/** What a log line may say beyond its event: nothing that is not named here leaves the process. */
export interface LogFields {
  readonly requestId?: string;
  readonly traceId?: string;
  readonly route?: string;
  readonly method?: string;
  readonly status?: number;
  readonly reason?: string;
  readonly upstream?: string;
  /** The part of the gateway that speaks. */
  readonly context?: string;
  readonly url?: string;
  readonly managementUrl?: string;
  readonly state?: string;
  readonly count?: number;
  readonly durationMs?: number;
  /** A file, setting or key id; never a secret. */
  readonly name?: string;
  /** Of one's own making: never upstream text or input. */
  readonly detail?: string;
  /** Class, code and stack frames are written; its message only when the class is known to carry no input. */
  readonly error?: unknown;
}

export type LogEventLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** One JSON line per event for operators. The name is also the injection token. Never throws, never waits. */
export abstract class GatewayLog {
  /** @param event what happened, as a constant sentence without values */
  abstract write(level: LogEventLevel, event: string, fields?: LogFields): void;

  debug(event: string, fields?: LogFields): void {
    this.write('debug', event, fields);
  }
  info(event: string, fields?: LogFields): void {
    this.write('info', event, fields);
  }
  warn(event: string, fields?: LogFields): void {
    this.write('warn', event, fields);
  }
  error(event: string, fields?: LogFields): void {
    this.write('error', event, fields);
  }
}
