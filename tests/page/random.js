/**
 * @param {number} seed
 * @returns {(n: number) => number} draws one of 0..n-1; in the same order for the same seed
 */
export function seeded(seed) {
  let state = seed;
  return (n) => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % n;
}

/** @typedef {(n: number) => number} Random */

/**
 * @param {Random} random
 * @param {number} length
 * @param {number} [values]  0..values-1
 */
export const randomBytes = (random, length, values = 256) => Uint8Array.from({ length }, () => random(values));

/**
 * A label map with areas of all sizes, down to single pixels.
 * @param {Random} random
 * @param {number} width  a multiple of 8
 * @param {number} height  a multiple of 8
 * @param {number} [ids]  0..ids-1
 */
export function blobs(random, width, height, ids = 4) {
  const coarse = randomBytes(random, (width * height) / 64, ids);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return random(100) < 12 ? random(ids) : coarse[(y >> 3) * (width >> 3) + (x >> 3)];
  });
}
