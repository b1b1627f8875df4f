import { type IncomingHttpHeaders } from 'node:http';

/** Whether a request shows anything that may name its sender; a request without is anonymous for sure. */
export function hasCredential(headers: IncomingHttpHeaders): boolean {
  return (
    headers.authorization !== undefined || headers['x-api-key'] !== undefined || headers.cookie !== undefined
  );
}
