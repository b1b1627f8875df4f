import { GatewayLog, type LogEventLevel, type LogFields } from '@facet/management';

/** A log that only remembers. */
export class RecordingLog extends GatewayLog {
  readonly lines: { readonly level: LogEventLevel; readonly event: string; readonly fields: LogFields }[] =
    [];

  override write(level: LogEventLevel, event: string, fields: LogFields = {}): void {
    this.lines.push({ level, event, fields });
  }

  /** Fields of the lines that tell one event. */
  of(event: string): LogFields[] {
    return this.lines.filter((line) => line.event === event).map((line) => line.fields);
  }
}
