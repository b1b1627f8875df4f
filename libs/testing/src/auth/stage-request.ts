import { type IncomingMessage } from 'node:http';
import { type StageReply, type StageRequest } from '@facet/context';
import { testContext } from '../request-context.ts';

type Field = readonly [name: string, value: string];

/**
 * A request as stages see it. Header fields as they came, in order; Node's reading of repeated ones is imitated: the
 * first `Authorization` wins, others are joined.
 */
export function stageRequest(
  fields: readonly Field[] = [],
  {
    url = '/',
    socket = {},
    ...context
  }: Parameters<typeof testContext>[0] & { url?: string; socket?: object } = {},
): StageRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    if (headers[key] === undefined) headers[key] = value;
    else if (key !== 'authorization') headers[key] += `, ${value}`;
  }
  return {
    method: 'GET',
    url,
    headers,
    raw: { rawHeaders: fields.flat(), socket } as unknown as IncomingMessage,
    facet: testContext(context),
  };
}

/** A reply that keeps what stages write. */
export function stageReply(): StageReply & { readonly fields: Map<string, string> } {
  const fields = new Map<string, string>();
  return { fields, header: (name, value) => fields.set(name.toLowerCase(), value) };
}
