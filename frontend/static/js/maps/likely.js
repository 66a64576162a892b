/** Guesses the right class of an object that was labeled wrong. */

import { idCount, tally } from './labelmap.js';

/**
 * Ranks the classes an object could have.
 * @param {import('../base/types.js').Labels} labels
 * @param {number} width
 * @param {Uint8Array} area  1 on an object
 * @returns {number[]} the ids in the map, most likely first: by the length of their border with the object, then by size
 */
export function likelyClasses(labels, width, area) {
  const border = new Uint32Array(idCount(labels));
  const size = tally(labels);
  for (let i = 0; i < labels.length; i++) {
    const right = i + 1;
    const below = i + width;
    if (right % width && area[i] !== area[right]) border[labels[area[i] ? right : i]]++;
    if (below < labels.length && area[i] !== area[below]) border[labels[area[i] ? below : i]]++;
  }
  const used = [...size.keys()].filter((id) => size[id]);
  return used.sort((a, b) => border[b] - border[a] || size[b] - size[a]);
}
