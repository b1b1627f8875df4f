import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AccessStage } from './access.stage.ts';
import { runStage } from './run-stage.ts';

/** The last guard: whether this principal may. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly stage: AccessStage) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return runStage(this.stage, context);
  }
}
