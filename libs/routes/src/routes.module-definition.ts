import { type Stage } from '@facet/context';
import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { type RouteDeclaration } from './declaration/route.schema.ts';

export interface RoutesOptions {
  /** The gateway's own, `/api/web`: routes in code have it, and a file that names none. */
  readonly prefix: string;
  /** Path of `ROUTES_FILE`; it is watched. */
  readonly file?: string | undefined;
  /** Routes in code; see `defineRoutes`. */
  readonly routes?: readonly RouteDeclaration[];
  /** What every request of a route passes before it is forwarded, in this order. */
  readonly stages: readonly (abstract new (...parts: never[]) => Stage)[];
  /** For routes that don't say. */
  readonly bodyLimitBytes: number;
  /** Values of `${config.…}` in templates. Default: none. */
  readonly values?: Readonly<Record<string, string>>;
}

export type StageToken = Type<Stage>;

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: ROUTES_OPTIONS } =
  new ConfigurableModuleBuilder<RoutesOptions>().build();
