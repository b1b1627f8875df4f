import { type LogLevel } from '@facet/config';
import { type Clock } from '@facet/context';
import { GatewayLog, type LogEventLevel, type LogFields } from '@facet/management';
import { errorFields } from './error-fields.ts';
import { isoTime } from './iso-time.ts';
import { type LineSink } from './line-sink.ts';
import { jsonText } from './safe-text.ts';

export const logLevels: Readonly<Record<LogLevel, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: 100,
};

const maxTextLength = 512;
const maxStackLength = 4096;

/** The allow-list: nothing else that a caller hands over is ever written. */
const textFields = [
  'requestId',
  'traceId',
  'route',
  'method',
  'reason',
  'upstream',
  'context',
  'url',
  'managementUrl',
  'state',
  'name',
  'detail',
] as const satisfies readonly (keyof LogFields)[];
const numberFields = ['status', 'count', 'durationMs'] as const satisfies readonly (keyof LogFields)[];

/** Events as JSON lines. */
export class JsonLog extends GatewayLog {
  readonly #sink: LineSink;
  readonly #clock: Clock;
  readonly #least: number;
  readonly #gateway: string;

  constructor(
    sink: LineSink,
    clock: Clock,
    settings: { readonly gateway: string; readonly level: LogLevel },
  ) {
    super();
    this.#sink = sink;
    this.#clock = clock;
    this.#least = logLevels[settings.level];
    this.#gateway = JSON.stringify(settings.gateway);
  }

  override write(level: LogEventLevel, event: string, fields: LogFields = {}): void {
    if (logLevels[level] < this.#least) return;
    let line = `{"time":"${isoTime(this.#clock.now())}","level":"${level}","msg":${jsonText(event, maxTextLength)}`;
    line += `,"gateway":${this.#gateway}`;
    for (const name of textFields) {
      const value = fields[name];
      if (typeof value === 'string') line += `,"${name}":${jsonText(value, maxTextLength)}`;
    }
    for (const name of numberFields) {
      const value = fields[name];
      if (typeof value === 'number' && Number.isFinite(value)) line += `,"${name}":${value}`;
    }
    if (fields.error !== undefined) line += `,"error":${errorJson(fields.error)}`;
    this.#sink.write(Buffer.from(`${line}}\n`));
  }
}

function errorJson(error: unknown): string {
  return JSON.stringify(errorFields(error), (_key, value: unknown) =>
    typeof value === 'string' ? (JSON.parse(jsonText(value, maxStackLength)) as string) : value,
  );
}
