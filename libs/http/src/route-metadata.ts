import 'reflect-metadata';
import { type HttpPolicy } from '@facet/context';
import {
  FASTIFY_ROUTE_CONFIG_METADATA,
  FASTIFY_ROUTE_SCHEMA_METADATA,
} from '@nestjs/platform-fastify/constants.js';
import { type VersionPolicy } from './versions/version-policy.ts';
import { type VersionStep } from './versions/version-step.ts';

/** What the decorators of one handler say, under `facet` and its neighbours in Fastify's route config. */
export interface EndpointConfig {
  facet?: HttpPolicy;
  versions?: VersionPolicy;
  versionSteps?: Readonly<Record<string, VersionStep>>;
}

interface EndpointSchema {
  response?: Record<string, unknown>;
}

/** Adds to the Fastify route config of a handler; what it already says wins, as method decorators run before class ones. */
export function extendRouteConfig(handler: object, config: EndpointConfig): void {
  const known = metadata<EndpointConfig>(FASTIFY_ROUTE_CONFIG_METADATA, handler);
  const extended = { ...config, ...known };
  if (config.facet && known?.facet) extended.facet = { ...config.facet, ...known.facet };
  if (config.versionSteps && known?.versionSteps) {
    extended.versionSteps = { ...config.versionSteps, ...known.versionSteps };
  }
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, extended, handler);
}

/** Adds a response schema to the Fastify route schema of a handler. */
export function extendResponseSchema(handler: object, status: '2xx', schema: unknown): void {
  const known = metadata<EndpointSchema>(FASTIFY_ROUTE_SCHEMA_METADATA, handler);
  Reflect.defineMetadata(
    FASTIFY_ROUTE_SCHEMA_METADATA,
    { ...known, response: { ...known?.response, [status]: schema } },
    handler,
  );
}

/** Runs for one method, or for every method of a class. */
export function onHandlers(extend: (handler: object) => void): MethodDecorator & ClassDecorator {
  return ((target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (descriptor) {
      extend(descriptor.value as object);
      return;
    }
    const prototype = (target as { prototype: object }).prototype;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (name !== 'constructor' && typeof value === 'function') extend(value);
    }
  }) as MethodDecorator & ClassDecorator;
}

function metadata<T>(key: string, handler: object): T | undefined {
  return Reflect.getMetadata(key, handler) as T | undefined;
}
