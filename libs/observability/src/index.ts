export { type LineSink } from './log/line-sink.ts';
export { ObservabilityModule, type ObservabilityOptions } from './observability.module.ts';
