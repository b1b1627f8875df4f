/** What a request pays for a token that was verified before: `npm run bench -- --micro --only=token-cache`. */
import { systemClock } from '@facet/context';
import { TokenCache, type VerifiedToken } from './token-cache.ts';

const tokens = Array.from(
  { length: 4_000 },
  (_, index) => `eyJ${String(index).padStart(8, '0')}.${'x'.repeat(700)}`,
);
const cache = new TokenCache(systemClock);
for (const token of tokens) {
  cache.set(token, {
    principal: { kind: 'bearer', subject: token.slice(3, 11), tier: 'free', scopes: [], roles: [] },
    expiresAtMs: Infinity,
    key: { retired: false },
  } as unknown as VerifiedToken);
}
// As they arrive: strings made by the parser, whose hash nobody knows yet.
const arrived = (index: number): string =>
  Buffer.from(tokens[index % tokens.length] ?? '').toString('latin1');

function timed(name: string, run: (index: number) => unknown): void {
  const count = 400_000;
  for (let index = 0; index < count; index++) run(index);
  const startMs = performance.now();
  for (let index = 0; index < count; index++) run(index);
  const ns = ((performance.now() - startMs) / count) * 1e6;
  process.stdout.write(`${name.padEnd(44)}${ns.toFixed(0).padStart(8)} ns\n`);
}

timed('making the string alone', arrived);
timed('making it and a hit', (index) => cache.get(arrived(index)));
timed('a hit, hash known', (index) => cache.get(tokens[index % tokens.length] ?? ''));
