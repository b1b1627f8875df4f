import { type IncomingMessage, ServerResponse } from 'node:http';
import { fieldLines } from './field-lines.ts';

/** Where Node puts a header section together, out of the status line and the fields; no part of its documented surface. */
type StoreHeader = (this: ServerResponse, firstLine: string, headers: unknown) => void;

const { _storeHeader: storeHeader } = ServerResponse.prototype as unknown as { _storeHeader: StoreHeader };

/**
 * A response whose fields are checked and written once, not for every answer: with Node alone each of them costs half
 * a microsecond, and a careful answer has sixteen. Whatever Node has to know of itself (framing, the connection) it
 * gets as ever; what it would refuse is refused.
 */
export class GatewayResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
  /** Called by Node's `writeHead`. */
  protected _storeHeader(firstLine: string, headers: unknown): void {
    if (!isPlain(headers)) {
      storeHeader.call(this, firstLine, headers);
      return;
    }
    let lines = firstLine;
    const rest: unknown[] = [];
    for (const name in headers) {
      const value = headers[name];
      const line = typeof value === 'string' ? fieldLines.line(name, value) : undefined;
      if (line === undefined) rest.push(name, value);
      else lines += line;
    }
    storeHeader.call(this, lines, rest);
  }
}

/** As `writeHead` got them; those of `setHeader` come with a list of their own, which has no prototype. */
function isPlain(headers: unknown): headers is Readonly<Record<string, unknown>> {
  return (
    typeof headers === 'object' && headers !== null && Object.getPrototypeOf(headers) === Object.prototype
  );
}
