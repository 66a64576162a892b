/**
 * How far inside each pixel lies: a chamfer of 1 straight and 1.4 diagonal.
 * @param {Uint8Array} map  not 0 inside
 * @param {number} width
 * @returns {Float32Array} pixels to the nearest one that is 0; the border of the map is no edge, so Infinity without a 0
 */
export function depths(map, width) {
  const height = map.length / width;
  const wide = width + 2;
  // A frame of Infinity around the map spares asking at each pixel where it ends.
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
