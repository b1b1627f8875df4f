import { METHODS } from 'node:http';
import { each } from '../declared-route.ts';

const never = new Set(['CONNECT', 'TRACE']);

/** Methods must be ones that can arrive. */
export const methodsRule = each(({ declaration: { methods = [] } }, fault) =>
  methods.flatMap((method, index) => {
    if (never.has(method)) return [fault(['methods', index], `${method} is never forwarded: leave it out`)];
    if (!METHODS.includes(method)) return [fault(['methods', index], `no server here can receive ${method}`)];
    return [];
  }),
);
