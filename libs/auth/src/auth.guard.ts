import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthStage } from './auth.stage.ts';
import { runStage } from './run-stage.ts';

/** The first guard: who calls. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly stage: AuthStage) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return runStage(this.stage, context);
  }
}
