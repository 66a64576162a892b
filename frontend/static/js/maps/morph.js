/**
 * Interpolates between two label maps: each pixel takes the class with the smallest weighted mean of its distances in
 * both maps. Edges move steadily; pixels that are equal in both maps do not change.
 */
/** @typedef {import('../base/types.js').Labels} Labels */
import { nextTask } from '../base/idle.js';
import { depths } from './distance.js';
import { maskOf } from './labelmap.js';

/**
 * Prepares the interpolation of two label maps.
 * @param {Labels} from
 * @param {Labels} to  of the same size
 * @param {number} width
 * @returns {Promise<(share: number) => Labels>} the map at a share 0..1 of the way; exactly `from` at 0 and `to` at 1
 */
export async function morph(from, to, width) {
  const moving = new Uint32Array(from.length);
  let count = 0;
  for (let i = 0; i < from.length; i++) if (from[i] !== to[i]) moving[count++] = i;
  const pixels = moving.subarray(0, count);
  /** By class: the distances of the changing pixels to it in both maps. @type {Map<number, Float32Array[]>} */
  const far = new Map();
  for (const id of count ? new Set([...new Set(from), ...new Set(to)]) : []) {
    far.set(id, [distance(from, to, id, width, pixels), distance(to, from, id, width, pixels)]);
    await nextTask();
  }

  return (share) => {
    if (share <= 0 || !count) return from;
    if (share >= 1) return to;
    const labels = from.slice();
    const least = new Float32Array(count).fill(Infinity);
    for (const [id, [before, after]] of far) {
      for (let k = 0; k < count; k++) {
        const mean = (1 - share) * before[k] + share * after[k];
        if (mean >= least[k]) continue;
        least[k] = mean;
        labels[pixels[k]] = id;
      }
    }
    return labels;
  };
}

/**
 * @param {Labels} map
 * @param {Labels} other  a class missing in `map` is assumed where it is deepest in this one
 * @param {number} id
 * @param {number} width
 * @param {Uint32Array} pixels
 * @returns {Float32Array} from each of `pixels` to the class
 */
function distance(map, other, id, width, pixels) {
  const away = new Uint8Array(map.length);
  for (let i = 0; i < away.length; i++) away[i] = Number(map[i] !== id);
  if (!away.includes(0)) {
    const depth = depths(
      maskOf(other, (label) => label === id),
      width,
    );
    const deepest = depth.reduce((most, d) => Math.max(most, d));
    // The class fills the other map: assume it in the middle.
    if (deepest === Infinity) away[(map.length + width) >> 1] = 0;
    else for (let i = 0; i < away.length; i++) if (depth[i] === deepest) away[i] = 0;
  }
  const all = depths(away, width);
  const out = new Float32Array(pixels.length);
  for (let k = 0; k < out.length; k++) out[k] = all[pixels[k]];
  return out;
}
