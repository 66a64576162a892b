/**
 * Label maps between two label maps, by shape: a pixel takes the class it is nearest to in both maps, the distances
 * weighted by how far the way has gone. Edges move steadily; what is the same in both maps stays.
 */
import { depths } from '../distance.js';
import { pause } from '../dom.js';

/** Milliseconds of work in one go. */
const TURN = 12;

/**
 * @param {Uint8Array} from
 * @param {Uint8Array} to  of the same size
 * @param {number} width
 * @returns {Promise<(share: number) => Uint8Array>} the map at a share 0..1 of the way; exactly the two at its ends, and
 *   with no ids but theirs
 */
export async function morph(from, to, width) {
  const ids = [...new Set([...new Set(from), ...new Set(to)])].sort((a, b) => a - b);
  let count = 0;
  const moving = new Uint32Array(from.length);
  for (let i = 0; i < from.length; i++) if (from[i] !== to[i]) moving[count++] = i;
  const pixels = moving.subarray(0, count);
  /** By class, for the pixels that move: distance to it in either map. @type {{id: number, near: Float32Array[]}[]} */
  const classes = [];
  let rested = performance.now();
  for (const id of count ? ids : []) {
    classes.push({ id, near: [from, to].map((map, i) => nearness(map, i ? from : to, id, width, pixels)) });
    if (performance.now() - rested < TURN) continue;
    await pause();
    rested = performance.now();
  }

  return (share) => {
    if (share <= 0 || !count) return from;
    if (share >= 1) return to;
    const labels = from.slice();
    const best = new Float32Array(count).fill(Infinity);
    for (const { id, near } of classes) {
      const [before, after] = near;
      for (let k = 0; k < count; k++) {
        const distance = (1 - share) * before[k] + share * after[k];
        if (distance >= best[k]) continue;
        best[k] = distance;
        labels[pixels[k]] = id;
      }
    }
    return labels;
  };
}

/**
 * @param {Uint8Array} map
 * @param {Uint8Array} other  a class that `map` lacks comes from, or goes to, where it is deepest here
 * @param {number} id
 * @param {number} width
 * @param {Uint32Array} pixels
 * @returns {Float32Array} for each of `pixels` the distance to class `id`
 */
function nearness(map, other, id, width, pixels) {
  const away = map.map((label) => Number(label !== id));
  if (!away.includes(0)) {
    const depth = depths(other.map((label) => Number(label === id)), width);
    const deepest = depth.reduce((most, d) => (d > most ? d : most), 0);
    // All of the other map: then it is its middle.
    if (deepest === Infinity) away[(map.length + width) >> 1] = 0;
    else for (let i = 0; i < away.length; i++) if (depth[i] === deepest) away[i] = 0;
  }
  const distance = depths(away, width);
  const near = new Float32Array(pixels.length);
  for (let k = 0; k < near.length; k++) near[k] = distance[pixels[k]];
  return near;
}
