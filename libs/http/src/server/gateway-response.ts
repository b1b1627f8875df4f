import { type IncomingMessage, ServerResponse } from 'node:http';
import { fieldLines } from './field-lines.ts';

/** Where Node puts a header section together, out of the status line and the fields; no part of its documented surface. */
type StoreHeader = (this: ServerResponse, firstLine: string, headers: unknown) => void;

const { _storeHeader: storeHeader } = ServerResponse.prototype as unknown as { _storeHeader: StoreHeader };

/** Fields that are the same in every answer, written already. Names in lower case. */
export type StandingFields = readonly {
  readonly name: string;
  readonly value: string;
  /** With its end. */
  readonly line: string;
}[];

type Fields = Record<string, unknown>;

/**
 * A response whose fields are checked and written once, not for every answer: with Node alone each of them costs half
 * a microsecond, and a careful answer has sixteen. Whatever Node has to know of itself (framing, the connection) it
 * gets as ever; what it would refuse is refused.
 */
export class GatewayResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {
  #standing: StandingFields | undefined;
  #wins = false;

  /** Fields the answer has besides its own. @param when `ifAbsent`: what it says itself stays */
  stand(fields: StandingFields, when: 'always' | 'ifAbsent'): void {
    this.#standing = fields;
    this.#wins = when === 'always';
  }

  /** Called by Node's `writeHead`. */
  protected _storeHeader(firstLine: string, headers: unknown): void {
    if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) {
      storeHeader.call(this, firstLine + this.#standingLines({}), headers);
      return;
    }
    const fields = headers as Fields;
    let lines = firstLine + this.#standingLines(fields);
    // Those of `setHeader` come with a list of their own, which has no prototype, and have been checked.
    if (Object.getPrototypeOf(fields) !== Object.prototype) {
      storeHeader.call(this, lines, fields);
      return;
    }
    const rest: unknown[] = [];
    for (const name in fields) {
      const value = fields[name];
      const line = typeof value === 'string' ? fieldLines.line(name, value) : undefined;
      if (line === undefined) rest.push(name, value);
      else {
        lines += line;
        // Else Node would add its own.
        if (name === 'date') this.sendDate = false;
      }
    }
    storeHeader.call(this, lines, rest);
  }

  #standingLines(fields: Fields): string {
    const standing = this.#standing;
    if (standing === undefined) return '';
    let lines = '';
    for (const { name, line } of standing) {
      if (fields[name] !== undefined) {
        if (!this.#wins) continue;
        delete fields[name];
      }
      lines += line;
    }
    return lines;
  }
}
