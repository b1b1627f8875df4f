import { expect, it } from '@jest/globals';
import { frameTree, hottest } from './cpu-profile.ts';
import { flameGraph } from './flame-graph.ts';

const callFrame = (functionName: string) => ({ functionName, url: 'file:///app/gateway.js', lineNumber: 9 });
const profile = {
  nodes: [
    { id: 1, callFrame: callFrame('(root)'), children: [2, 3] },
    { id: 2, callFrame: callFrame('parse<T>'), children: [4] },
    { id: 3, callFrame: callFrame('send') },
    { id: 4, callFrame: callFrame('send') },
  ],
  samples: [2, 2, 2, 3, 4, 4],
};

it('adds up the time below each call', () => {
  const tree = frameTree(profile);
  expect(tree.total).toBe(6);
  expect(tree.children.map(({ name, total }) => [name, total])).toEqual([
    ['parse<T>', 5],
    ['send', 1],
  ]);
});

it('finds a function under all its callers', () => {
  expect(hottest(frameTree(profile)).slice(0, 2)).toMatchObject([{ self: 3 }, { name: 'send', self: 3 }]);
});

it('draws every call with its share, names made harmless', () => {
  const svg = flameGraph(frameTree(profile));
  expect(svg).toContain(
    'parse&lt;T&gt; app/gateway.js:10 83.3 %'.replace('app/gateway.js', '/app/gateway.js'),
  );
  expect(svg.match(/<rect /g)).toHaveLength(4);
});
