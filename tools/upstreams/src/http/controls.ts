import { type ServiceName } from '../model.ts';
import { noContent, ok } from './exchange.ts';
import { checkFaults, type FaultSwitch } from './faults.ts';
import { HttpFault } from './http-fault.ts';
import { type Routes } from './router.ts';
import { type Traffic } from './traffic.ts';

/** Health and the switches of the dev stack: never counted, never failing on purpose. */
export const isControlPath = (path: string): boolean => path === '/health' || path.startsWith('/__');

export const controlRoutes = (service: ServiceName, faults: FaultSwitch, traffic: Traffic): Routes => ({
  'GET /health': () => ok({ status: 'healthy', service, devStack: true }),
  'GET /__faults': () => ok(faults.current()),
  'POST /__faults': async (inbound) => {
    faults.set(checkFaults(await inbound.body()));
    return ok(faults.current());
  },
  'DELETE /__faults': () => {
    faults.set({});
    return noContent();
  },
  'GET /__hits': () => ok(traffic.hits()),
  'DELETE /__hits': () => {
    traffic.clearHits();
    return noContent();
  },
  'GET /__last': () => {
    const last = traffic.last();
    if (last === undefined) throw new HttpFault(404, 'No request has arrived yet.');
    return ok(last);
  },
  'GET /__stats': () => ok(traffic.stats()),
});
