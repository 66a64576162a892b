/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {(y: number, from: number, to: number) => void} Span  takes the pixels from..to-1 of row y; they may lie outside the map */

/** Pixels whose centers lie on the edge count as inside, whatever the rounding. */
const HAIR = 1e-9;

/**
 * Where a brush of `size` pixels really lands: odd sizes center on a pixel,
 * even ones on a corner, so that equal sizes always have equal shapes.
 * @param {Point} point
 * @param {number} size
 * @returns {Point}
 */
export function snap(point, size) {
  if (size % 2 === 0) return { x: Math.round(point.x), y: Math.round(point.y) };
  return { x: Math.floor(point.x) + 0.5, y: Math.floor(point.y) + 0.5 };
}

/**
 * The columns whose centers lie between two places of a row.
 * @param {Span} span
 * @param {number} y
 * @param {number} left
 * @param {number} right
 */
export function between(span, y, left, right) {
  const from = Math.ceil(left - 0.5 - HAIR);
  const to = Math.floor(right - 0.5 + HAIR) + 1;
  if (to > from) span(y, from, to);
}

/**
 * Every pixel whose center a brush covers on its way from `a` to `b`: a stroke
 * without gaps and with hard edges.
 * @param {Point} a  snapped
 * @param {Point} b  snapped
 * @param {number} size
 * @param {boolean} square  not round
 * @param {Span} span
 */
export function sweep(a, b, size, square, span) {
  const radius = size / 2;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy) || 1;
  const bottom = Math.floor(Math.max(a.y, b.y) + radius - 0.5 + HAIR);
  for (let y = Math.ceil(Math.min(a.y, b.y) - radius - 0.5 - HAIR); y <= bottom; y++) {
    // Shares of the way between which the brush reaches this row, and there its half width.
    const row = y + 0.5 - a.y;
    const first = dy ? Math.max(0, Math.min((row - radius) / dy, (row + radius) / dy)) : 0;
    const last = dy ? Math.min(1, Math.max((row - radius) / dy, (row + radius) / dy)) : 1;
    /** @param {number} share */
    const half = (share) => (square ? radius : Math.sqrt(Math.max(0, radius ** 2 - (row - share * dy) ** 2)));
    // A round brush reaches farthest to a side where the way's normal meets its rim.
    /** @param {1|-1} side */
    const reach = (side) => {
      const rim = dy && !square ? (row + (side * radius * dx * Math.sign(dy)) / length) / dy : side * dx > 0 ? 1 : 0;
      const share = Math.min(last, Math.max(first, rim));
      return a.x + share * dx + side * half(share);
    };
    between(span, y, reach(-1), reach(1));
  }
}
