import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again, 20 ms apart, until it holds; a failed question is a no. Answers how long that took, ms. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<number> {
  const startedMs = performance.now();
  while (!(await answer(holds))) {
    if (performance.now() - startedMs > withinMs) throw new Error(`not within ${withinMs} ms: ${holds}`);
    await delay(20);
  }
  return performance.now() - startedMs;
}

async function answer(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch {
    return false;
  }
}
