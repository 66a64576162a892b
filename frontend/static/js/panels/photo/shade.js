/** Maps of values as pixels to lay over a pane. */

import { maskOf, tally } from '../../maps/labelmap.js';

/** Red, green, blue and opacity of unsure labels: two stripes that show on any class color. */
const STRIPES = [
  [20, 20, 24, 190],
  [255, 255, 255, 110],
];
/** How much of a picture is seen where a hint is worst. */
const OPAQUE = 215;

/**
 * @param {Uint8Array} map  of a hint, 0 worst
 * @param {number} width
 * @param {readonly [number, number, number]} color
 * @returns {ImageData} the worse the more of this color
 */
export function heat(map, width, [red, green, blue]) {
  const out = new ImageData(width, map.length / width);
  map.forEach((value, i) => out.data.set([red, green, blue, (OPAQUE * (255 - value)) / 255], 4 * i));
  return out;
}

/**
 * @param {Uint8Array} map
 * @returns {Uint8Array} how each pixel stands among the others: 0 the least of them, 255 the greatest
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
 * @param {Uint8Array} mask  1 on unsure labels
 * @param {number} width
 * @returns {ImageData} these hatched
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
 * @param {import('../../base/types.js').Photo} photo
 * @param {import('../../base/types.js').Labels} labels  the current ones
 * @param {number} doubt  0..1
 * @returns {Uint8Array} 1 on labels as they were segmented with less confidence than this
 */
export function unsure({ labels: found, confidence }, labels, doubt) {
  return maskOf(labels, (id, i) => id === found[i] && confidence[i] < 255 * doubt);
}
