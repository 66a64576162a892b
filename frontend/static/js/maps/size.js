import { SIDE_MAX } from '../base/limits.js';

/**
 * @param {{width: number, height: number}} photo  or a label map
 * @param {{width: number, height: number}} map  the new one gets about as many pixels as this one
 * @param {number} stride  sides are multiples of this
 * @returns {{width: number, height: number}} of a map that shows all of the photo, or nearly
 */
export function sizeFor(photo, map, stride) {
  const ratio = Math.min(4, Math.max(1 / 4, photo.width / photo.height));
  const height = Math.sqrt((map.width * map.height) / ratio);
  /** @param {number} side */
  const even = (side) => Math.min(Math.floor(SIDE_MAX / stride), Math.max(1, Math.round(side / stride))) * stride;
  return { width: even(height * ratio), height: even(height) };
}
