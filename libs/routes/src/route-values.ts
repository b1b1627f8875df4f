const prefix = 'ROUTES_VALUE_';

/**
 * Values of `${config.…}` out of an environment: `ROUTES_VALUE_UPSTREAM_TOKEN` is `${config.upstreamToken}`. Secrets
 * stay out of the file of routes that way.
 */
export function routeValues(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(prefix) && value !== undefined ? [[camelCase(name.slice(prefix.length)), value]] : [],
    ),
  );
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
