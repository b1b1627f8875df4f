import { type Figure } from './figure.ts';
import { many, type Scene } from './scene.ts';

const requests = 100_000;
const lanes = 32;

/** Two principals take turns on one path; answers how many bodies were somebody else's, and how often was asked. */
async function alternate(scene: Scene, path: string): Promise<{ foreign: number; asked: number }> {
  const principals = [
    { subject: 'usr_enterprise', get: await scene.as('enterprise') },
    { subject: 'usr_premium', get: await scene.as('premium') },
  ] as const;
  const askedBefore = scene.who.asked;
  let foreign = 0;
  await many(requests, lanes, async (index) => {
    const { subject, get } = principals[index % 2 === 0 ? 0 : 1];
    const { status, body } = await get(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    if (body !== subject) foreign++;
  });
  return { foreign, asked: scene.who.asked - askedBefore };
}

function figure(kind: string, path: string, wantedOfUpstream: number): Figure {
  return {
    name: `two principals in turns, 100,000 requests on ${kind} route: bodies of the other one`,
    goal: '0',
    measure: async (scene) => {
      const { foreign, asked } = await alternate(scene, path);
      return {
        seen: `${foreign} (${asked.toLocaleString('en')} upstream requests)`,
        holds: foreign === 0 && asked === wantedOfUpstream,
      };
    },
  };
}

/** Nobody gets an answer that was made for somebody else. */
export const identityFigures: readonly Figure[] = [
  figure('an uncached', '/who/plain', requests),
  figure('a cached', '/who-cached/plain', 2),
];
