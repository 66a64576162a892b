/**
 * Finds a map size with the aspect ratio of a photo.
 * @param {{width: number, height: number}} photo  or a label map
 * @param {{width: number, height: number}} map  whose number of pixels the new one is to have, roughly
 * @param {Pick<import('../base/types.js').Model, 'stride'|'limits'>} model
 * @returns {{width: number, height: number}} multiples of the stride; a longer side than the model allows shrinks both
 */
export function sizeFor(photo, map, { stride, limits }) {
  const ratio = Math.min(4, Math.max(1 / 4, photo.width / photo.height));
  const height = Math.sqrt((map.width * map.height) / ratio);
  const scale = Math.min(1, limits.side / Math.max(height * ratio, height));
  /** @param {number} side */
  const even = (side) => Math.max(1, Math.round((side * scale) / stride)) * stride;
  return { width: even(height * ratio), height: even(height) };
}

/**
 * Tells whether a model can paint a size.
 * @param {Pick<import('../base/types.js').Model, 'stride'|'limits'>} model
 * @param {{width: number, height: number}} size
 * @returns {boolean}
 */
export const fits = ({ stride, limits }, { width, height }) =>
  [width, height].every((side) => side > 0 && side <= limits.side && side % stride === 0);
