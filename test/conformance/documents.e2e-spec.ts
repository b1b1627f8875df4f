import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonDefinition, reasons, type Reason } from '@facet/errors';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('docs/errors.md', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `([a-z_]+)`\s+\| (\d{3})\s/gm)].map(
    ([, reason, status]) => [reason as Reason, Number(status)] as const,
  );

  it('lists every reason of the code once, and no other', () => {
    expect(rows.map(([reason]) => reason).sort()).toEqual(Object.keys(reasons).sort());
  });

  it('gives each the status that the code gives', () => {
    for (const [reason, status] of rows)
      expect([reason, status]).toEqual([reason, reasonDefinition(reason).status]);
  });
});

describe.each(['docs/request-flow.md', 'docs/operations.md', 'README.md', 'CONTRIBUTING.md'])(
  '%s',
  (document) => {
    it('names only files and folders that exist', () => {
      const named = [
        ...read(document).matchAll(/`((?:apps|libs|tools|test|docs|examples)\/[\w./*-]*)`/g),
      ].map(([, path]) => path ?? '');
      expect(named.length).toBeGreaterThan(0);
      const missing = named.filter((path) => !path.includes('*') && !existsSync(join(root, path)));
      expect(missing).toEqual([]);
    });
  },
);

describe('docs/configuration.md', () => {
  it('names every variable that the code reads, and no other', () => {
    const code = ['read-gateway-config.ts', 'read-jwt.ts', 'read-server.ts']
      .map((file) => read(`libs/config/src/${file}`))
      .join('');
    const inCode = [...code.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|PORT|HOST|HTTP2)'/g)].map(
      ([, name]) => name,
    );
    const inDocs = [...read('docs/configuration.md').matchAll(/^\| `([A-Z_<>\d]+)`\s+\|/gm)].map(
      ([, name]) => name,
    );
    expect(new Set(inDocs.filter((name) => name !== 'UPSTREAM_<NAME>_URL'))).toEqual(new Set(inCode));
    expect(inDocs).toContain('UPSTREAM_<NAME>_URL');
  });
});

describe('README.md', () => {
  it('shows an extension that compiles: the file is part of the type check', () => {
    expect(read('README.md')).toContain(read('test/support/contract-tier.resolver.ts').trim());
  });
});
