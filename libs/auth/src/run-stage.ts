import { type ExecutionContext } from '@nestjs/common';
import { type Policy, type Stage, type StageReply, type StageRequest } from '@facet/context';
import { GatewayError } from '@facet/errors';
import { accessPolicy } from './access/access-policy.ts';

/** A stage that needs to know no more of the policy than who may come in. */
interface AccessAware {
  run(request: StageRequest, reply: StageReply, policy: Pick<Policy, 'access'>): ReturnType<Stage['run']>;
}

/** Runs a stage as a Nest guard: true when it lets the request pass, its throw when not. */
export function runStage(stage: AccessAware, context: ExecutionContext): boolean | Promise<boolean> {
  const access = accessPolicy(context.getClass(), context.getHandler());
  // The start checks that every endpoint has a rule; should one come to be later, it is closed.
  if (!access) throw new GatewayError('forbidden');
  // Not `switchToHttp()`, which makes an object and three functions to say the same.
  const request = context.getArgByIndex<StageRequest>(0);
  const pending = stage.run(request, context.getArgByIndex<StageReply>(1), { access });
  return pending === undefined ? true : pending.then(() => true);
}
