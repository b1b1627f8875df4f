/** What the validator of an answer costs: `npm run bench -- --micro --only=etag`. */
import { matchesEtag, weakEtag } from './etag.ts';

function timed(name: string, run: () => unknown): void {
  const count = 200_000;
  for (let index = 0; index < count; index++) run();
  const startMs = performance.now();
  for (let index = 0; index < count; index++) run();
  const ns = ((performance.now() - startMs) / count) * 1e6;
  process.stdout.write(`${name.padEnd(44)}${ns.toFixed(0).padStart(8)} ns\n`);
}

for (const bytes of [200, 1_000, 4_000, 64_000]) {
  const payload = 'x'.repeat(bytes);
  timed(`made of ${bytes} bytes`, () => weakEtag(payload));
}
const etag = weakEtag('x');
timed('compared, equal', () => matchesEtag(etag, etag));
timed('compared, five in a list', () => matchesEtag(`"a", "b", "c", "d", ${etag}`, etag));
