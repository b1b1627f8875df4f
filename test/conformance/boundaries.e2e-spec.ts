import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

const forbidden: [file: string, imported: string, why: string][] = [
  ['libs/errors/src/index.ts', '@nestjs/common', 'core stays free of Nest'],
  ['libs/context/src/index.ts', 'undici', 'core knows no HTTP client'],
  ['libs/context/src/index.ts', '@facet/http', 'core imports core only'],
  ['libs/auth/src/index.ts', '@facet/throttling', 'modules do not know one another'],
  ['libs/upstream/src/index.ts', '@facet/http', 'transport imports core only'],
  ['libs/upstreams/orders/src/index.ts', '@facet/auth', 'a client knows no module'],
  ['libs/http/src/index.ts', '@facet/testing', 'test doubles are for tests'],
  ['apps/gateway-mobile/src/main.ts', '../../gateway-web/src/app.module.ts', 'an app knows no other app'],
];

const allowed: [file: string, imported: string][] = [
  ['libs/context/src/index.ts', '@facet/errors'],
  ['libs/http/src/problem.filter.spec.ts', '@facet/testing'],
];

const cases = [...forbidden.map(([file, imported]) => [file, imported]), ...allowed];
const complaints = JSON.parse(
  execFileSync(process.execPath, [join(import.meta.dirname, 'lint-imports.mjs')], {
    cwd: root,
    env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' },
    input: JSON.stringify(cases),
    encoding: 'utf8',
  }),
) as string[][];

describe('the module boundaries', () => {
  it.each(forbidden.map((entry, index) => [...entry, complaints[index]] as const))(
    'refuse in %s the import of %s: %s',
    (_file, _imported, _why, messages) => {
      expect(messages).not.toEqual([]);
    },
  );

  it.each(allowed.map((entry, index) => [...entry, complaints[forbidden.length + index]] as const))(
    'let %s import %s',
    (_file, _imported, messages) => {
      expect(messages).toEqual([]);
    },
  );
});
