/** @typedef {import('./types.js').Point} Point */

/**
 * Where a round brush of `size` pixels really lands: odd sizes centre on a pixel,
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
 * Calls `paint` for every pixel whose centre lies within size / 2 of the line
 * from `a` to `b`: a stroke without gaps and with hard edges.
 * @param {number} width  of the map
 * @param {number} height
 * @param {Point} a  snapped
 * @param {Point} b  snapped
 * @param {number} size
 * @param {(index: number) => void} paint
 */
export function sweep(width, height, a, b, size, paint) {
  const radius = size / 2;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length2 = dx * dx + dy * dy;
  const left = Math.max(0, Math.floor(Math.min(a.x, b.x) - radius));
  const right = Math.min(width - 1, Math.ceil(Math.max(a.x, b.x) + radius));
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - radius));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(a.y, b.y) + radius));
  for (let y = top; y <= bottom; y++) {
    const py = y + 0.5 - a.y;
    for (let x = left; x <= right; x++) {
      const px = x + 0.5 - a.x;
      const along = length2 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
      const ex = px - along * dx;
      const ey = py - along * dy;
      if (ex * ex + ey * ey <= radius * radius + 1e-9) paint(y * width + x);
    }
  }
}
