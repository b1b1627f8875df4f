import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Stage, type StageRequest } from '@facet/context';
import { Shedding } from './shedding.ts';

/** Turns the lower tiers away under overload; stands right behind authentication. */
@Injectable()
export class LoadStage extends Stage {
  readonly #shedding: Shedding;

  constructor(shedding: Shedding) {
    super();
    this.#shedding = shedding;
  }

  override run(request: StageRequest): void {
    this.#shedding.judge(request.facet.principal);
  }
}

/** `LoadStage` for endpoints. */
@Injectable()
export class LoadGuard implements CanActivate {
  readonly #stage: LoadStage;

  constructor(stage: LoadStage) {
    this.#stage = stage;
  }

  canActivate(context: ExecutionContext): boolean {
    this.#stage.run(context.getArgByIndex<StageRequest>(0));
    return true;
  }
}
