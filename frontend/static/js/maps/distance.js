/**
 * Computes the chamfer distance to the nearest zero pixel: 1 per straight step, 1.4 per diagonal one.
 * @param {Uint8Array} map  nonzero inside
 * @param {number} width
 * @returns {Float32Array} in pixels; the border of the map does not count as zero, so Infinity if the map has no zero
 */
export function depths(map, width) {
  const height = map.length / width;
  const wide = width + 2;
  // Padding with Infinity avoids bounds checks at each pixel.
  const depth = new Float32Array(wide * (height + 2)).fill(Infinity);
  for (let y = 0, at = wide + 1, i = 0; y < height; y++, at += 2) {
    for (let x = 0; x < width; x++, at++, i++) {
      let least = 0;
      if (map[i]) {
        const straight = Math.min(depth[at - 1], depth[at - wide]) + 1;
        const diagonal = Math.min(depth[at - wide - 1], depth[at - wide + 1]) + 1.4;
        least = Math.min(straight, diagonal);
      }
      depth[at] = least;
    }
  }
  const out = new Float32Array(map.length);
  for (let y = height - 1, at = wide * (height + 1) - 2, i = map.length - 1; y >= 0; y--, at -= 2) {
    for (let x = 0; x < width; x++, at--, i--) {
      const straight = Math.min(depth[at + 1], depth[at + wide]) + 1;
      const diagonal = Math.min(depth[at + wide - 1], depth[at + wide + 1]) + 1.4;
      out[i] = depth[at] = Math.min(depth[at], straight, diagonal);
    }
  }
  return out;
}
