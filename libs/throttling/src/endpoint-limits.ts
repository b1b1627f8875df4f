import { type Policy } from '@facet/context';
import { type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { limitsMetadata } from './limits.decorator.ts';
import { stockLimits, type Targets } from './stock-metadata.ts';

export type Handler = (...args: never[]) => unknown;

/** The limits part of each endpoint's policy, read from decorators once. */
export class EndpointLimits {
  readonly #policies = new WeakMap<Type, Map<Handler, Policy>>();

  /** @throws Error naming the endpoint when its decorators cannot be honoured */
  policyOf(controller: Type, handler: Handler): Policy {
    let ofController = this.#policies.get(controller);
    if (ofController === undefined)
      this.#policies.set(controller, (ofController = new Map<Handler, Policy>()));
    let policy = ofController.get(handler);
    if (policy === undefined) ofController.set(handler, (policy = endpointPolicy(controller, handler)));
    return policy;
  }
}

function endpointPolicy(controller: Type, handler: Handler): Policy {
  const route = endpointName(controller, handler);
  try {
    // The access part is the auth lib's; the throttle stage reads none of it.
    return {
      route,
      access: { accept: 'public', scopes: [], roles: [] },
      limits: endpointLimits([handler, controller]),
    };
  } catch (error) {
    throw new Error(`${route}: ${(error as Error).message}`, { cause: error });
  }
}

function endpointLimits(targets: Targets): Policy['limits'] {
  const declared = targets
    .map((target): unknown => Reflect.getMetadata(limitsMetadata, target))
    .find((value) => value !== undefined) as Policy['limits'] | undefined;
  if (declared === 'off') return 'off';
  const own = typeof declared === 'object' ? declared : { list: [], withoutTier: false };
  const stock = stockLimits(targets);
  const list = [...own.list, ...stock.list];
  const withoutTier = own.withoutTier || stock.withoutTier;
  if (list.length > 0) return { list, withoutTier };
  return withoutTier ? 'off' : 'tier';
}

/** Where its buckets live: the same on every instance of one build, different for every endpoint. */
function endpointName(controller: Type, handler: Handler): string {
  const [base, path, method] = [
    Reflect.getMetadata(PATH_METADATA, controller) as unknown,
    Reflect.getMetadata(PATH_METADATA, handler) as unknown,
    Reflect.getMetadata(METHOD_METADATA, handler) as unknown,
  ];
  return `${controller.name}.${handler.name} ${String(method)} ${String(base)}/${String(path)}`;
}
