export { aggregate, type Aggregated, type Parts } from './aggregate.ts';
export { LastGood, type LastGoodOptions } from './last-good.ts';
export {
  type AnyPart,
  type Loaded,
  optional,
  type OptionalOptions,
  type Part,
  required,
  type RequiredOptions,
  type StaleCopies,
} from './part.ts';
