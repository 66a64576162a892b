/** @typedef {import('./types.js').Kept} Kept */

const FEATHER = 8;

/**
 * @param {Uint8Array} regions  the region map
 * @param {number} id
 * @returns {Uint8Array} 1 on the region's pixels, else 0
 */
export function coverOf(regions, id) {
  return regions.map((other) => (other === id ? 1 : 0));
}

/**
 * How much of the new picture each pixel takes: nothing outside the cover, rising
 * to all over the first pixels inside it. A cover thinner than two feathers gets a
 * narrower one; the border of the picture is no seam.
 * @param {Uint8Array} cover
 * @param {number} width
 * @returns {Float32Array} 0..1
 */
function feather(cover, width) {
  const height = cover.length / width;
  const far = width + height;
  const distance = new Float32Array(cover.length);
  let deepest = 1;

  // Distance to the outside in two chamfer sweeps: 1 straight, 1.4 diagonal.
  /** @type {(x: number, y: number, step: number) => number} */
  const via = (x, y, step) => (x < 0 || y < 0 || x >= width || y >= height ? far : distance[y * width + x] + step);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!cover[y * width + x]) continue;
      const above = Math.min(via(x, y - 1, 1), via(x - 1, y - 1, 1.4), via(x + 1, y - 1, 1.4));
      distance[y * width + x] = Math.min(via(x - 1, y, 1), above);
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x;
      if (!cover[i]) continue;
      const below = Math.min(via(x, y + 1, 1), via(x + 1, y + 1, 1.4), via(x - 1, y + 1, 1.4));
      distance[i] = Math.min(distance[i], via(x + 1, y, 1), below);
      deepest = Math.max(deepest, distance[i]);
    }
  }
  const breadth = Math.max(1, Math.min(FEATHER, deepest / 2));
  return distance.map((d) => Math.min(1, d / breadth));
}

/**
 * @param {Kept} kept
 * @param {ImageData} fresh  of the same size
 * @returns {ImageData} the fresh picture inside the cover, the kept one, untouched, outside
 */
export function composite(kept, fresh) {
  const out = new ImageData(new Uint8ClampedArray(kept.picture.data), fresh.width, fresh.height);
  feather(kept.cover, fresh.width).forEach((share, i) => {
    if (share === 0) return;
    for (let c = 4 * i; c < 4 * i + 3; c++) out.data[c] += share * (fresh.data[c] - out.data[c]);
  });
  return out;
}
