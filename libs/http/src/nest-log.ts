import { type LoggerService } from '@nestjs/common';
import { type GatewayLog, type LogEventLevel } from '@facet/management';

/** Nest's own messages as events of the gateway's log. What Nest hands over besides text is not written. */
export class NestLog implements LoggerService {
  readonly #log: GatewayLog;

  constructor(log: GatewayLog) {
    this.#log = log;
  }

  // Nest's start-up chatter is of no use to operators.
  log(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.#write('debug', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.#write('warn', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.#write('error', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.#write('fatal', message, rest);
  }

  #write(level: LogEventLevel, message: unknown, rest: readonly unknown[]): void {
    const context = rest.at(-1);
    const isError = message instanceof Error;
    this.#log.write(level, isError || typeof message !== 'string' ? 'nest' : message, {
      ...(typeof context === 'string' ? { context } : {}),
      ...(isError ? { error: message } : {}),
    });
  }
}
