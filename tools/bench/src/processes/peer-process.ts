/**
 * Upstream and load in one process that never sleeps while it works: whoever writes to a process that sleeps pays for
 * waking it, up to 30 µs on a virtual machine, and the slower a contender is, the more often its peers sleep.
 */
import { type UpstreamPlan, startBareUpstream } from './bare-upstream.ts';
import { type LoadPlan } from './load.ts';
import { sendLoad } from './send-load.ts';

let isWorking = false;

process.once('message', (plan: UpstreamPlan) => {
  void startBareUpstream(plan).then((port) => {
    process.on('message', (load: LoadPlan) => void work(load));
    process.send?.({ port });
  });
});
process.once('disconnect', () => process.exit(0));

async function work(plan: LoadPlan): Promise<void> {
  isWorking = true;
  stayAwake();
  const result = await sendLoad(plan);
  isWorking = false;
  process.send?.(result);
}

/** With an immediate waiting, the event loop asks for events and does not wait for them. */
function stayAwake(): void {
  if (isWorking) setImmediate(stayAwake);
}
