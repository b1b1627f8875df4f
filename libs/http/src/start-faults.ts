import { isNativeError } from 'node:util/types';

interface ListenFault {
  readonly address?: string;
  readonly port?: number;
}

/**
 * Why a gateway did not start, for stderr: config faults one a line, anything else by class, code and place. Its message
 * only when it is of our own or of Nest's making: parsers, drivers and Node itself quote what they were given, and
 * that may be a secret.
 */
export function startFaults(error: unknown): string[] {
  if (typeof error === 'object' && error !== null && 'faults' in error && Array.isArray(error.faults)) {
    return error.faults.map(String);
  }
  if (!isNativeError(error)) return ['the gateway did not start'];
  const { syscall, code, address, port } = error as NodeJS.ErrnoException & ListenFault;
  if (syscall === 'listen') return [`the gateway can't listen on ${address}:${port} (${code})`];
  const frames = framesOf(error);
  const what =
    code !== undefined ? ` (${code})` : isOfOurMaking(frames[0]) ? `: ${withoutLogins(error.message)}` : '';
  return [`the gateway did not start: ${error.name}${what}`, ...frames];
}

function framesOf({ stack = '', message }: Error): string[] {
  const behindMessage = stack.slice(stack.indexOf(message) + message.length);
  return behindMessage.split('\n').filter((line) => /^ {4}at /.test(line));
}

/** Who made the message is who made the error: own code, or Nest, which names classes. */
function isOfOurMaking(frame = ''): boolean {
  const isOfTheEngine = !/:\d+:\d+\)?$/.test(frame) || frame.includes('node:');
  if (isOfTheEngine) return false;
  return !frame.includes('/node_modules/') || frame.includes('/node_modules/@nestjs/core/');
}

/** `redis://user:password@host` without what is before the last `@` of its authority. */
function withoutLogins(message: string): string {
  return message.replaceAll(/:\/\/[^/\s]*@/g, '://');
}
