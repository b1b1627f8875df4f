import { changes } from './scenarios/changes.ts';
import { directives } from './scenarios/directives.ts';
import { fields } from './scenarios/fields.ts';
import { freshness } from './scenarios/freshness.ts';
import { parsing } from './scenarios/parsing.ts';
import { ranges } from './scenarios/ranges.ts';
import { staleness } from './scenarios/staleness.ts';
import { statusScenarios } from './scenarios/statuses.ts';
import { targeted } from './scenarios/targeted.ts';
import { validation } from './scenarios/validation.ts';
import { vary } from './scenarios/vary.ts';

export { type CacheStoreContract, cacheStoreContract } from './cache-store.contract.ts';
export {
  type CacheUnderTest,
  runScenario,
  type ScenarioRequest,
  type ScenarioResponse,
} from './run-scenario.ts';
export { type CacheScenario } from './scenario.ts';
export { type OriginAnswer } from './scripted-origin.ts';

/** What a shared HTTP cache must do, and what a good one does, as requests and answers. */
export const cacheScenarios = [
  ...freshness,
  ...parsing,
  ...directives,
  ...statusScenarios,
  ...vary,
  ...validation,
  ...fields,
  ...changes,
  ...ranges,
  ...staleness,
  ...targeted,
];
