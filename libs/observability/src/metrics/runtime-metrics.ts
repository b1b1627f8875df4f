import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { type LineSink } from '../log/line-sink.ts';

/** The process: event loop, heap, CPU, and lost log lines. */
export function addRuntimeMetrics(registry: Registry, sink: LineSink): void {
  collectDefaultMetrics({ register: registry });
  let last = performance.eventLoopUtilization();
  new Gauge({
    name: 'nodejs_eventloop_utilization',
    help: 'Share of the time since the last reading in which the event loop was busy',
    registers: [registry],
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, last).utilization);
      last = now;
    },
  });
  new Gauge({
    name: 'gateway_log_lines_dropped',
    help: 'Log lines lost since the start because the reader was gone or too slow',
    registers: [registry],
    collect() {
      this.set(sink.dropped);
    },
  });
}
