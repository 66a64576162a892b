/**
 * Finds the nearest pixel outside an area, by Euclidean distance, for every pixel inside.
 * @param {Uint8Array} mask  1 inside the area
 * @param {number} width
 * @returns {Int32Array} an index for each pixel of the map: its own outside the area, and everywhere if nothing is outside
 */
export function nearestOutside(mask, width) {
  const near = Int32Array.from(mask.keys());
  if (!mask.includes(0)) return near;
  const height = mask.length / width;
  // Rows up or down to the nearest pixel outside, in the same column.
  const gaps = new Int32Array(mask.length);
  for (let i = 0; i < mask.length; i++) gaps[i] = mask[i] ? (i < width ? height * 2 : gaps[i - width] + 1) : 0;
  for (let i = mask.length - width - 1; i >= 0; i--) gaps[i] = Math.min(gaps[i], gaps[i + width] + 1);

  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const x = i % width;
    let column = x;
    let best = gaps[i] ** 2;
    for (let d = 1; d * d < best && d < width; d++) {
      for (const at of [x - d, x + d]) {
        if (at < 0 || at >= width) continue;
        const far = d * d + gaps[i - x + at] ** 2;
        if (far < best) [best, column] = [far, at];
      }
    }
    const from = i - x + column;
    const rows = gaps[from] * width;
    near[i] = mask[from - rows] === 0 ? from - rows : from + rows;
  }
  return near;
}
