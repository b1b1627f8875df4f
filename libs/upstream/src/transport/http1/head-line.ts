import { AnswerFault } from './answer-fault.ts';
import { type FieldName, fieldName } from './field-name.ts';

/** Bytes that no line of a head has (RFC 9112, 2.2). Its own end is not part of it. */
const illegal = /[^\t\x20-\x7e\x80-\xff]/;
const colon = 0x3a;
const cr = 0x0d;
const lf = 0x0a;

/** A field as it stands on one line. */
export interface HeadLine {
  /** All of it but its end. */
  readonly text: string;
  readonly name: FieldName;
  /** Without the blanks around it. */
  readonly value: string;
}

/** @throws AnswerFault where different software reads it differently */
export function checkLine(text: string): void {
  if (illegal.test(text)) throw new AnswerFault('head');
}

/**
 * The line that begins at `start`.
 * @param usual what stood in its place in the head before: most upstreams say nearly the same every time, in the same
 *   order, and comparing is cheaper than reading
 * @throws AnswerFault
 */
export function lineAt(text: string, start: number, usual: HeadLine | undefined): HeadLine {
  if (usual !== undefined && text.startsWith(usual.text, start)) {
    const stop = start + usual.text.length;
    if (stop === text.length || (text.charCodeAt(stop) === cr && text.charCodeAt(stop + 1) === lf))
      return usual;
  }
  const end = text.indexOf('\r\n', start);
  const stop = end === -1 ? text.length : end;
  const line = text.slice(start, stop);
  checkLine(line);
  const name = nameOf(line, usual?.name);
  return { text: line, name, value: trimmed(line, name.text.length + 1) };
}

function nameOf(line: string, guess: FieldName | undefined): FieldName {
  if (guess !== undefined && line.charCodeAt(guess.text.length) === colon && line.startsWith(guess.text)) {
    return guess;
  }
  const end = line.indexOf(':');
  if (end === -1) throw new AnswerFault('header field');
  const name = fieldName(line.slice(0, end));
  if (name === undefined) throw new AnswerFault('field name');
  return name;
}

function trimmed(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end--;
  return line.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
