import { Injectable, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { accessPolicy } from './access-policy.ts';

/** Stops the start while an endpoint has no access rule, naming every one of them. */
@Injectable()
export class AccessRulesCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** @throws Error that lists the endpoints, `OrdersController.list`, one on each line */
  onModuleInit(): void {
    const open = this.discovery.getControllers().flatMap(({ metatype }) => this.#withoutRule(metatype));
    if (open.length === 0) return;
    throw new Error(
      `These endpoints have no access rule; give each @Public(), @Authenticated(), @RequireScopes(), ` +
        `@RequireRoles() or @AcceptCredentials():\n${open.join('\n')}`,
    );
  }

  #withoutRule(type: unknown): string[] {
    if (typeof type !== 'function') return [];
    const prototype = type.prototype as Record<string, object>;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => isEndpoint(prototype[name]) && !accessPolicy(type, prototype[name]))
      .map((name) => `${type.name}.${name}`);
  }
}

function isEndpoint(handler: object | undefined): handler is object {
  return handler !== undefined && Reflect.hasMetadata(METHOD_METADATA, handler);
}
