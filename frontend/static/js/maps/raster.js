/** Rasterizes shapes: a pixel belongs to a shape if its center lies inside. */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {import('./sweep.js').Span} Span */
import { between } from './sweep.js';

/**
 * Rasterizes a polygon by the nonzero winding rule.
 * @param {Point[]} points
 * @param {Span} span
 */
export function polygon(points, span) {
  const ys = points.map(({ y }) => y);
  const bottom = Math.max(...ys);
  for (let y = Math.floor(Math.min(...ys)); y < bottom; y++) {
    const row = y + 0.5;
    /** @type {{x: number, turn: number}[]} */
    const crossings = [];
    points.forEach((b, i) => {
      const a = points.at(i - 1) ?? b;
      if (a.y <= row === b.y <= row) return;
      crossings.push({ x: a.x + ((row - a.y) * (b.x - a.x)) / (b.y - a.y), turn: b.y > a.y ? 1 : -1 });
    });
    crossings.sort((one, other) => one.x - other.x);
    let turns = 0;
    crossings.forEach(({ x, turn }, i) => {
      if (turns) between(span, y, crossings[i - 1].x, x);
      turns += turn;
    });
  }
}

/**
 * Rasterizes a rectangle or the ellipse inside it.
 * @param {import('./labelmap.js').Rectangle} box
 * @param {boolean} round  the ellipse
 * @param {Span} span
 */
export function box({ left, top, width, height }, round, span) {
  for (let y = top; y < top + height; y++) {
    const up = (y + 0.5 - top) / height - 0.5;
    const half = round ? width * Math.sqrt(Math.max(0, 0.25 - up * up)) : width / 2;
    between(span, y, left + width / 2 - half, left + width / 2 + half);
  }
}
