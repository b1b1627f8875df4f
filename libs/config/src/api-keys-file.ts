import { tiers } from '@facet/context';
import { type Static, Type } from 'typebox';
import { type FileResult, readDataFile } from './data-file.ts';
import { type ApiKeyEntry } from './gateway-config.ts';

/** `API_KEYS_FILE`: a list of keys at rest, hashes only. */
export const apiKeysSchema = Type.Array(
  Type.Object(
    {
      id: Type.String({ minLength: 1, maxLength: 128 }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'hex SHA-256 of the whole key' }),
      subject: Type.String({ minLength: 1, maxLength: 256 }),
      tier: Type.Enum([...tiers]),
      scopes: Type.Array(Type.String({ minLength: 1 })),
      expiry: Type.Optional(Type.String({ description: 'ISO 8601' })),
    },
    { additionalProperties: false },
  ),
);

/** Reads and checks the file: schema, unique ids and hashes, dates that are dates. */
export function readApiKeysFile(path: string): FileResult<readonly ApiKeyEntry[]> {
  const result = readDataFile(path, apiKeysSchema);
  if ('faults' in result) return result;
  const faults = entryFaults(path, result.value);
  return faults.length > 0 ? { faults } : { value: result.value };
}

function entryFaults(path: string, entries: Static<typeof apiKeysSchema>): string[] {
  const faults: string[] = [];
  const ids = new Set<string>();
  const hashes = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    if (ids.has(entry.id)) faults.push(`${path}/${index}/id repeats ${entry.id}`);
    if (hashes.has(entry.sha256)) faults.push(`${path}/${index}/sha256 repeats that of another key`);
    if (entry.expiry !== undefined && Number.isNaN(Date.parse(entry.expiry))) {
      faults.push(`${path}/${index}/expiry is no ISO 8601 date`);
    }
    ids.add(entry.id);
    hashes.add(entry.sha256);
  }
  return faults;
}
