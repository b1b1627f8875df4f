import { conditions } from '../report.ts';
import { breakerFigures } from './breaker.ts';
import { deadlineFigures } from './deadlines.ts';
import { type Figure } from './figure.ts';
import { fullSizeFigures } from './full-size.ts';
import { identityFigures } from './identities.ts';
import { loadFigures } from './load.ts';
import { overloadFigures } from './overload.ts';
import { startScene } from './scene.ts';
import { screenFigures } from './screens.ts';

const figures: readonly Figure[] = [
  ...breakerFigures,
  ...deadlineFigures,
  ...screenFigures,
  ...loadFigures,
  ...identityFigures,
  ...overloadFigures,
  ...fullSizeFigures,
];

/**
 * Puts a built gateway under each fault and prints the figures that depend on the machine's speed; those that don't
 * are asserted in `test/chaos`.
 * @param only part of a figure's name
 * @returns whether all of them hold
 */
export async function showFaults(only = ''): Promise<boolean> {
  const scene = await startScene();
  const rows: string[] = [];
  let allHold = true;
  try {
    for (const { name, goal, measure } of figures.filter((figure) => figure.name.includes(only))) {
      await scene.putRight();
      const { seen, holds } = await measure(scene);
      allHold &&= holds;
      rows.push(`| ${name} | ${goal} | ${seen} | ${holds ? 'yes' : 'NO'} |`);
      process.stderr.write(`${name}: ${seen}\n`);
    }
  } finally {
    await scene.stop();
  }
  const head = ['| figure | goal | seen | holds |', '| --- | --- | --- | --- |'];
  process.stdout.write(`\n${[...head, ...rows].join('\n')}\n\n${conditions()}\n`);
  return allHold;
}
