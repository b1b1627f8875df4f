export { defineRoutes } from './declaration/define-routes.ts';
export { type RouteDeclaration } from './declaration/route.schema.ts';
export { type RouteFile, routeFileSchema } from './declaration/route-file.schema.ts';
export { routeValues } from './route-values.ts';
export { RoutesModule } from './routes.module.ts';
export { type RoutesOptions } from './routes.module-definition.ts';
export { RouteFaults } from './validation/fault.ts';
