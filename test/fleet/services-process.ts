/** The dev stack as a process of its own, on free ports: tells its parent where each service is. */
import { startDevStack } from '@facet/tools-upstreams';

const stack = await startDevStack({ ports: 'ephemeral' });
process.once('disconnect', () => process.exit(0));
process.send?.(stack.urls);
