/** A load generator as a process of its own: gets a LoadPlan from its parent, sends back a LoadResult. */
import { type LoadPlan } from './load.ts';
import { sendLoad } from './send-load.ts';

process.once('message', (plan: LoadPlan) => {
  void sendLoad(plan).then((result) => process.send?.(result));
});
