/**
 * @param {{width: number, height: number}} photo  or a label map
 * @param {{width: number, height: number}} map  the new one gets about as many pixels as this one
 * @param {Pick<import('../base/types.js').Model, 'stride'|'limits'>} model
 * @returns {{width: number, height: number}} of a map that shows all of the photo, or nearly
 */
export function sizeFor(photo, map, { stride, limits }) {
  const ratio = Math.min(4, Math.max(1 / 4, photo.width / photo.height));
  const height = Math.sqrt((map.width * map.height) / ratio);
  /** @param {number} side */
  const even = (side) => Math.min(limits.side, Math.max(1, Math.round(side / stride)) * stride);
  return { width: even(height * ratio), height: even(height) };
}

/**
 * @param {Pick<import('../base/types.js').Model, 'stride'|'limits'>} model
 * @param {{width: number, height: number}} size
 * @returns {boolean} whether the model can paint it
 */
export const fits = ({ stride, limits }, { width, height }) =>
  [width, height].every((side) => side > 0 && side <= limits.side && side % stride === 0);
