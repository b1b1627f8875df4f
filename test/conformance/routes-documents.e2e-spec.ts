import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routeFileSchema, RoutesModule } from '@facet/routes';
import { describe, expect, it } from '@jest/globals';
import { RouteGateway } from '../support/route-gateway.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const documents = ['docs/routes.md', 'docs/coming-from-nginx-and-kong.md'];

const files = documents.flatMap((document) =>
  [...read(document).matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, file = ''], index): [string, string] => [
    `${document}, file ${index + 1}`,
    file,
  ]),
);

describe('what the documents show', () => {
  it.each(files)('%s is a file of routes that starts', async (_, file) => {
    await using gateway = await RouteGateway.start({
      file,
      upstreams: [{ name: 'catalog', url: 'http://127.0.0.1:5001' }],
      values: { upstreamToken: 'x' },
    });
    expect(gateway.url).toMatch(/^http/);
  });

  it('is something', () => expect(files.length).toBeGreaterThan(3));
});

describe('docs/routes.md', () => {
  it('has a row for every key of a route, and for no other', () => {
    const table = read('docs/routes.md').split('## What a route says')[1]?.split('\n## ')[0] ?? '';
    const rows = [...table.matchAll(/^\| (`[^|]*`) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, key]) => key),
    );
    expect(rows.sort()).toEqual(Object.keys(routeFileSchema.properties.routes.items.properties).sort());
  });

  it('shows how a module is registered as it is', () => {
    expect(read('docs/routes.md')).toContain(`${RoutesModule.name}.register({`);
  });
});

describe('docs/examples/README.md', () => {
  it('has a line for every example', () => {
    const examples = readdirSync(join(root, 'docs/examples')).filter((name) => name.endsWith('.yaml'));
    const named = [...read('docs/examples/README.md').matchAll(/^\| \[([\w-]+\.yaml)\]\(\1\) +\|/gm)].map(
      ([, name]) => name,
    );
    expect(named).toEqual(examples.sort());
  });
});
