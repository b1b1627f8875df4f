import { type UpstreamTlsConfig } from '@facet/config';
import {
  type BreakerSettings,
  type BulkheadSettings,
  longestPlanMs,
  type RetryPlan,
} from '@facet/resilience';
import { type ForwardedCredential, type UpstreamDefinition } from './upstream-definition.ts';

/** A definition with every default filled in; what is off is absent. */
export interface UpstreamSettings {
  readonly name: string;
  /** `http://127.0.0.1:4002` */
  readonly origin: string;
  /** Put before every path; empty or `/v1`, without a slash at its end. */
  readonly basePath: string;
  readonly tls: UpstreamTlsConfig | undefined;
  readonly timeouts: {
    readonly connectMs: number;
    readonly firstByteMs: number;
    readonly idleMs: number;
    readonly attemptMs: number;
    readonly totalMs: number;
  };
  readonly retry: RetryPlan | undefined;
  readonly retryBudgetShare: number;
  readonly hedge: { readonly afterQuantile: number } | undefined;
  readonly coalesce: boolean;
  readonly breaker: BreakerSettings | undefined;
  readonly bulkhead: BulkheadSettings | undefined;
  /** Sockets at most. */
  readonly maxConnections: number;
  readonly maxPauseMs: number;
  readonly maxResponseBytes: number;
  readonly forwardCredentials: readonly ForwardedCredential[];
}

/** Checks all definitions together and fills in defaults. Throws one Error that names every fault on its own line. */
export function upstreamSettings(definitions: readonly UpstreamDefinition[]): UpstreamSettings[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  const settings = definitions.map((definition) => {
    const fault = (text: string): unknown => faults.push(`upstream ${definition.name}: ${text}`);
    if (!/^[a-z][a-z0-9-]*$/.test(definition.name)) fault('name must be lower-case letters, digits and "-"');
    if (seen.has(definition.name)) fault('name is declared twice');
    seen.add(definition.name);
    return resolve(definition, fault);
  });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return settings;
}

function resolve(definition: UpstreamDefinition, fault: (text: string) => unknown): UpstreamSettings {
  const retry = retryPlan(definition);
  const timeouts = timeoutSettings(definition, retry);
  const bulkhead = bulkheadSettings(definition);
  const settings: UpstreamSettings = {
    name: definition.name,
    ...address(definition.url, fault),
    tls: definition.tls,
    timeouts,
    retry,
    retryBudgetShare: (definition.retry !== 'off' ? definition.retry?.budgetShare : undefined) ?? 0.2,
    hedge: hedgeSettings(definition),
    coalesce: definition.coalesce ?? false,
    breaker: breakerSettings(definition),
    bulkhead,
    maxConnections: bulkhead?.maxConcurrent ?? 1_024,
    maxPauseMs: definition.maxPauseMs ?? 30_000,
    maxResponseBytes: definition.maxResponseBytes ?? 8 * 1024 * 1024,
    forwardCredentials: definition.forwardCredentials ?? [],
  };
  checkNumbers(settings, fault);
  checkPlan(settings, fault);
  return settings;
}

function address(url: string, fault: (text: string) => unknown): { origin: string; basePath: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    fault('url must be an http or https URL');
    return { origin: '', basePath: '' };
  }
  // The URL itself may carry a secret: never repeat it.
  if (parsed.username !== '' || parsed.password !== '') fault('url must carry no credentials');
  if (parsed.search !== '' || parsed.hash !== '') fault('url must carry no query or fragment');
  return { origin: parsed.origin, basePath: parsed.pathname.replace(/\/+$/, '') };
}

/** Three attempts make one reset in ten a failure in a thousand; two are the least that is a retry. */
const defaultAttempts = [3, 2] as const;

function retryPlan({ retry, timeouts }: UpstreamDefinition): RetryPlan | undefined {
  if (retry === 'off') return undefined;
  const plan = { attempts: 0, baseDelayMs: 50, maxDelayMs: 1_000, statuses: [502, 503, 504], ...retry };
  if (retry?.attempts === undefined) {
    const { attemptMs, totalMs = defaultTotalMs } = timeouts ?? {};
    const fits = (attempts: number): boolean =>
      longestPlanMs({ ...plan, attempts }, attemptMs ?? 1) <= totalMs;
    plan.attempts = defaultAttempts.find(fits) ?? 2;
  }
  return plan.attempts === 1 ? undefined : plan;
}

const defaultTotalMs = 7_000;

function timeoutSettings(
  { timeouts }: UpstreamDefinition,
  retry: RetryPlan | undefined,
): UpstreamSettings['timeouts'] {
  const totalMs = timeouts?.totalMs ?? defaultTotalMs;
  const attempts = retry?.attempts ?? 1;
  const waitsMs = retry ? longestPlanMs(retry, 0) : 0;
  const fittingMs = Math.max(1, Math.floor((totalMs - waitsMs) / attempts));
  const attemptMs = timeouts?.attemptMs ?? Math.min(3_000, fittingMs);
  return {
    connectMs: timeouts?.connectMs ?? 1_000,
    firstByteMs: timeouts?.firstByteMs ?? attemptMs,
    idleMs: timeouts?.idleMs ?? 5_000,
    attemptMs,
    totalMs,
  };
}

function hedgeSettings({ hedge }: UpstreamDefinition): UpstreamSettings['hedge'] {
  return hedge === undefined || hedge === 'off' ? undefined : { afterQuantile: 0.95, ...hedge };
}

function breakerSettings({ breaker }: UpstreamDefinition): BreakerSettings | undefined {
  if (breaker === 'off') return undefined;
  return {
    volumeThreshold: 10,
    errorThresholdPercentage: 50,
    slowCallThresholdPercentage: 80,
    windowMs: 10_000,
    resetTimeoutMs: 2_000,
    ...breaker,
  };
}

function bulkheadSettings({ bulkhead }: UpstreamDefinition): BulkheadSettings | undefined {
  return bulkhead === 'off' ? undefined : { maxConcurrent: 128, maxQueue: 1_024, ...bulkhead };
}

function checkNumbers(settings: UpstreamSettings, fault: (text: string) => unknown): void {
  const groups = { timeouts: settings.timeouts, retry: settings.retry, breaker: settings.breaker };
  for (const [group, values] of Object.entries(groups)) {
    for (const [key, value] of Object.entries(values ?? {})) {
      if (typeof value === 'number' && !(Number.isFinite(value) && value > 0))
        fault(`${group}.${key} must be a number above 0`);
    }
  }
  if (settings.retry && !Number.isInteger(settings.retry.attempts))
    fault('retry.attempts must be a whole number');
  const { bulkhead, hedge } = settings;
  if (hedge && !(hedge.afterQuantile >= 0.5 && hedge.afterQuantile < 1)) {
    fault('hedge.afterQuantile must be at least 0.5 and less than 1');
  }
  if (bulkhead && !(Number.isInteger(bulkhead.maxConcurrent) && bulkhead.maxConcurrent > 0)) {
    fault('bulkhead.maxConcurrent must be a whole number above 0');
  }
  if (bulkhead && !(Number.isInteger(bulkhead.maxQueue) && bulkhead.maxQueue >= 0)) {
    fault('bulkhead.maxQueue must be a whole number, 0 or more');
  }
  if (!(Number.isInteger(settings.maxResponseBytes) && settings.maxResponseBytes > 0)) {
    fault('maxResponseBytes must be a whole number above 0');
  }
}

function checkPlan({ retry, timeouts }: UpstreamSettings, fault: (text: string) => unknown): void {
  const { attemptMs, totalMs } = timeouts;
  const attempts = retry?.attempts ?? 1;
  const longestMs = retry ? longestPlanMs(retry, attemptMs) : attemptMs;
  if (longestMs <= totalMs) return;
  fault(
    `${attempts} attempt(s) of ${attemptMs} ms and the waits between them take up to ${longestMs} ms, but ` +
      `timeouts.totalMs is ${totalMs} ms: lower retry.attempts or timeouts.attemptMs, or raise timeouts.totalMs`,
  );
}
