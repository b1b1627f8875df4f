export { type LineSink } from './log/line-sink.ts';
export { type CounterSeries, type HistogramSeries, HotCounter, HotHistogram } from './metrics/hot-metric.ts';
export { ObservabilityModule, type ObservabilityOptions } from './observability.module.ts';
