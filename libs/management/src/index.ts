export { GatewayLog, type LogEventLevel, type LogFields } from './gateway-log.ts';
export { type CounterSeries, type HistogramSeries, HotCounter, HotHistogram } from './hot-metric.ts';
export { HealthChecks, type HealthReport, type HealthState } from './health-checks.ts';
export {
  type ManagementAnswer,
  type ManagementHandler,
  type ManagementRequest,
  type ManagementRoute,
  ManagementRoutes,
} from './management-routes.ts';
