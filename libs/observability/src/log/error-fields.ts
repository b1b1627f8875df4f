import { GatewayError } from '@facet/errors';

export interface ErrorFields {
  readonly name: string;
  readonly code?: string;
  /** Only of classes whose messages quote no input. */
  readonly message?: string;
  /** Frames without the message line. */
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

/** Written by the engine about the program, or by ourselves. Parsers, clients and drivers quote what they were given. */
const quotesNoInput = [TypeError, ReferenceError, GatewayError];

const maxFrames = 12;
const maxCauses = 3;

/** What may be logged of a thrown value: its class, code and place. */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code } = error as { code?: unknown };
  // Node's own argument errors have a code, and quote the argument: "Received 'hunter2'".
  const isOpen = code === undefined && quotesNoInput.some((known) => error.constructor === known);
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    ...(isOpen ? { message: error.message } : {}),
    ...(error.stack === undefined ? {} : { stack: frames(error.stack) }),
    ...(error.cause !== undefined && depth < maxCauses ? { cause: errorFields(error.cause, depth + 1) } : {}),
  };
}

function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, maxFrames)
    .map((line) => line.trim())
    .join(' | ');
}
