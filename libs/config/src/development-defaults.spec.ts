import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { developmentApiKeys } from './development-defaults.ts';

it('knows the API keys that the dev stack publishes, and no other', () => {
  const published = join(import.meta.dirname, '../../../tools/upstreams/data/api-keys.json');
  expect(developmentApiKeys).toEqual(JSON.parse(readFileSync(published, 'utf8')));
});
