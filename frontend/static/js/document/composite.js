/** Pastes a new picture into an old one, with a soft seam. */
/** @typedef {import('../base/types.js').FrozenPixels} FrozenPixels */
import { depths } from '../maps/distance.js';

/** Pixels over which the old picture blends into the new one. */
const FEATHER = 8;

/**
 * Makes the mask of a region.
 * @param {Uint8Array} regions  the region map
 * @param {number} id
 * @returns {Uint8Array} 1 on the region's pixels, else 0
 */
export function regionMask(regions, id) {
  return regions.map((other) => (other === id ? 1 : 0));
}

/**
 * Softens a mask: 0 outside, rising to 1 over the first pixels inside. A mask thinner than two feathers gets a narrower
 * one. The border of the picture is not a seam.
 * @param {Uint8Array} mask
 * @param {number} width
 * @returns {Float32Array} 0..1
 */
function feather(mask, width) {
  const depth = depths(mask, width);
  let deepest = 1;
  for (let i = 0; i < depth.length; i++) if (depth[i] > deepest) deepest = depth[i];
  const breadth = Math.max(1, Math.min(FEATHER, deepest / 2));
  return depth.map((d) => Math.min(1, d / breadth));
}

/**
 * Puts a new picture into the mask of the frozen one.
 * @param {FrozenPixels} frozen
 * @param {ImageData} fresh  the new picture, of the same size
 * @returns {ImageData} new inside the mask; outside it, the frozen pixels unchanged
 */
export function composite(frozen, fresh) {
  const out = new ImageData(new Uint8ClampedArray(frozen.picture.data), fresh.width, fresh.height);
  feather(frozen.mask, fresh.width).forEach((share, i) => {
    if (share === 0) return;
    for (let c = 4 * i; c < 4 * i + 3; c++) out.data[c] += share * (fresh.data[c] - out.data[c]);
  });
  return out;
}
