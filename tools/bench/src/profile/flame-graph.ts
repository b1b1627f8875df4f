import { type Frame } from './cpu-profile.ts';

const widthPx = 1600;
const rowPx = 16;
/** Narrower boxes can't be read and make the file large. */
const minBoxPx = 0.6;

/** An SVG flame graph: width is time, callers below their callees, the whole name as a tooltip. */
export function flameGraph(tree: Frame): string {
  const boxes: string[] = [];
  let depth = 0;
  const draw = (frame: Frame, x: number, level: number): void => {
    const width = (frame.total / tree.total) * widthPx;
    if (width < minBoxPx) return;
    depth = Math.max(depth, level);
    boxes.push(box(frame, x, level, width, tree.total));
    let childX = x;
    for (const child of frame.children) {
      draw(child, childX, level + 1);
      childX += (child.total / tree.total) * widthPx;
    }
  };
  draw(tree, 0, 0);
  const height = (depth + 1) * rowPx;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${height}" font-family="monospace" font-size="11">`,
    `<g transform="translate(0 ${height}) scale(1 -1)">`,
    ...boxes,
    '</g></svg>',
  ].join('\n');
}

function box(frame: Frame, x: number, level: number, width: number, total: number): string {
  const share = ((frame.total / total) * 100).toFixed(1);
  const label = width > 40 ? escaped(frame.name).slice(0, Math.floor(width / 7)) : '';
  const y = level * rowPx;
  return (
    `<g><title>${escaped(`${frame.name} ${frame.place}`)} ${share} %</title>` +
    `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${rowPx - 1}" fill="${colour(frame)}"/>` +
    `<text transform="translate(${(x + 3).toFixed(1)} ${y + 4}) scale(1 -1)">${label}</text></g>`
  );
}

/** Own code stands out from packages, and both from Node itself. */
function colour({ place }: Frame): string {
  if (place.includes('gateway.js')) return '#e8843c';
  return place.startsWith('internal') || place.startsWith('node:') || place.startsWith(':')
    ? '#b9c4cc'
    : '#f2cf63';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
