export {
  type Answer,
  type AnswerOptions,
  hang,
  hangUp,
  head,
  json,
  large,
  raw,
  reset,
  text,
  when,
} from './answers.ts';
export { type Fault, FaultProxy } from './fault-proxy.ts';
export { RecordedRequest } from './request-reader.ts';
export { ScriptedUpstream } from './scripted-upstream.ts';
export { describeTransport } from './transport.contract.ts';
export { stillComing, wholeBody } from './whole-body.ts';
