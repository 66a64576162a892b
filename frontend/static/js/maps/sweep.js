/** Rasterizes brush strokes. */
/** @typedef {import('../base/types.js').Point} Point */
/** @typedef {(y: number, from: number, to: number) => void} Span  Receives the pixels from..to-1 of row y, which may lie outside the map. */

/** Tolerance: pixels whose centers lie on the edge count as inside. */
const HAIR = 1e-9;

/**
 * Aligns a brush to the pixel grid: odd sizes to the center of a pixel, even ones to a corner, so that a brush of one
 * size always has the same shape.
 * @param {Point} point
 * @param {number} size
 * @returns {Point}
 */
export function snap(point, size) {
  if (size % 2 === 0) return { x: Math.round(point.x), y: Math.round(point.y) };
  return { x: Math.floor(point.x) + 0.5, y: Math.floor(point.y) + 0.5 };
}

/**
 * Emits the pixels of a row whose centers lie between two positions.
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
 * Emits every pixel whose center a brush covers on its way from `a` to `b`: a stroke without gaps, with hard edges.
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
    // The shares of the way between which the brush reaches this row, and its half width there.
    const row = y + 0.5 - a.y;
    const first = dy ? Math.max(0, Math.min((row - radius) / dy, (row + radius) / dy)) : 0;
    const last = dy ? Math.min(1, Math.max((row - radius) / dy, (row + radius) / dy)) : 1;
    /** @param {number} share */
    const half = (share) => (square ? radius : Math.sqrt(Math.max(0, radius ** 2 - (row - share * dy) ** 2)));
    // A round brush reaches farthest where the normal of its path meets its rim.
    /** @param {1|-1} side */
    const reach = (side) => {
      const rim = dy && !square ? (row + (side * radius * dx * Math.sign(dy)) / length) / dy : side * dx > 0 ? 1 : 0;
      const share = Math.min(last, Math.max(first, rim));
      return a.x + share * dx + side * half(share);
    };
    between(span, y, reach(-1), reach(1));
  }
}
