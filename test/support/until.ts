/** Resolves once `holds` answers true; the test's own time limit ends the waiting. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Runs `one` for 0 to `count - 1`, `lanes` at a time, and answers the results in order. */
export async function many<T>(
  count: number,
  lanes: number,
  one: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(lanes, count) }, async () => {
      for (let index = next++; index < count; index = next++) results[index] = await one(index);
    }),
  );
  return results;
}

/** How often each value occurs, by its text. */
export function tally(values: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}
