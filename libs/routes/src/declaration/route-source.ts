/** Where routes come from: a file, or code. */
export interface RouteSource {
  /** What the author wrote, unchecked. */
  readonly value: unknown;
  /** Where a part of it stands, for people: `routes.yaml:12`, or `routes[2].limits` for code. */
  locate(path: readonly (string | number)[]): string;
}

/** Routes of an app's own code; they take the gateway's prefix. */
export function codeSource(routes: readonly unknown[]): RouteSource {
  return { value: { routes }, locate: (path) => pathText(path) || 'routes' };
}

/** `routes[2].limits[0].rate` */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
