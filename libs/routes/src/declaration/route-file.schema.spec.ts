import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { routeFileSchema } from './route-file.schema.ts';

describe('routeFileSchema', () => {
  it('is what docs/routes.schema.json publishes', () => {
    const published: unknown = JSON.parse(
      readFileSync(new URL('../../../../docs/routes.schema.json', import.meta.url), 'utf8'),
    );
    expect(published).toEqual(JSON.parse(JSON.stringify(routeFileSchema)));
  });
});
