/**
 * @param {number} width
 * @param {number} height
 * @param {(span: import('../../../frontend/static/js/maps/sweep.js').Span) => void} paint
 * @returns {Uint8Array} a map with 1 where rows were painted; what lies outside of it is cut off
 */
export function painted(width, height, paint) {
  const map = new Uint8Array(width * height);
  paint((y, from, to) => {
    for (let x = Math.max(0, from); x < Math.min(width, to); x++) if (y >= 0 && y < height) map[width * y + x] = 1;
  });
  return map;
}
