/** Turns maps of values into overlays. */

import { maskOf, tally } from '../../maps/labelmap.js';

/** Red, green, blue and opacity of the hatching: two stripes that are visible on any class color. */
const STRIPES = [
  [20, 20, 24, 190],
  [255, 255, 255, 110],
];
/** The opacity of a heat map where a hint is worst, 0..255. */
const OPAQUE = 215;

/**
 * Makes a heat map.
 * @param {Uint8Array} map  of a hint, 0 is worst
 * @param {number} width
 * @param {readonly [number, number, number]} color
 * @returns {ImageData} of this color, more opaque where the hint is worse
 */
export function heat(map, width, [red, green, blue]) {
  const out = new ImageData(width, map.length / width);
  map.forEach((value, i) => out.data.set([red, green, blue, (OPAQUE * (255 - value)) / 255], 4 * i));
  return out;
}

/**
 * Ranks the pixels of a map.
 * @param {Uint8Array} map
 * @returns {Uint8Array} the rank of each pixel, from 0 for the least to 255 for the greatest value
 */
export function ranks(map) {
  const counts = tally(map);
  const highest = counts.findLastIndex((count) => count > 0);
  const below = new Uint8Array(256);
  for (let value = 0, sum = 0; value < 256; sum += counts[value++]) {
    below[value] = value === highest ? 255 : (255 * sum) / (map.length - counts[highest]);
  }
  return map.map((value) => below[value]);
}

/**
 * Makes hatching.
 * @param {Uint8Array} mask  1 on uncertain labels
 * @param {number} width
 * @returns {ImageData}
 */
export function hatched(mask, width) {
  const out = new ImageData(width, mask.length / width);
  const breadth = Math.max(2, Math.round(width / 100));
  mask.forEach((unsure, i) => {
    const diagonal = Math.floor(((i % width) + Math.floor(i / width)) / breadth);
    if (unsure) out.data.set(STRIPES[diagonal % 2], 4 * i);
  });
  return out;
}

/**
 * Finds uncertain labels.
 * @param {import('../../base/types.js').Photo} photo
 * @param {import('../../base/types.js').Labels} labels  the current ones
 * @param {number} doubt  0..1
 * @returns {Uint8Array} 1 on unedited labels with a confidence below `doubt`
 */
export function unsure({ labels: found, confidence }, labels, doubt) {
  return maskOf(labels, (id, i) => id === found[i] && confidence[i] < 255 * doubt);
}
