export { GatewayError, type GatewayErrorOptions, type PartGap, type Violation } from './gateway-error.ts';
export { type Problem, problemSchema, retryAfterSeconds, toProblem } from './problem.ts';
export { type Reason, type ReasonDefinition, reasonDefinition, reasons } from './reasons.ts';
export { isUserMessageKey, localizedUserMessage, type UserMessageKey } from './user-messages.ts';
