import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const cases = join(import.meta.dirname, '../../../../test/cases');

/** A golden shape: what an upstream answers and what each client must make of it, side by side in `test/cases`. */
export function goldenCase<T = unknown>(
  resource: 'orders' | 'user' | 'products' | 'home',
  side: 'upstream' | 'web' | 'mobile' | 'admin',
): T {
  return JSON.parse(readFileSync(join(cases, resource, `${side}.json`), 'utf8')) as T;
}
