/**
 * Label maps and region maps: one id per pixel, row by row. Ids have 8 bits, or 16 in models of more than 256 classes.
 * @typedef {import('../base/types.js').Labels} Labels
 */

/** @typedef {{left: number, top: number, width: number, height: number}} Rectangle  In whole pixels. */

/** @param {{classes: readonly unknown[]}} model @returns {boolean} whether its ids have 16 bits */
export const isWide = ({ classes }) => classes.length > 256;

/**
 * Allocates a label map for a model.
 * @param {{classes: readonly unknown[]}|null} model
 * @param {number} length  in pixels
 * @returns {Labels} zeros, with the bits per id that the model needs
 */
export function newLabels(model, length) {
  return model && isWide(model) ? new Uint16Array(length) : new Uint8Array(length);
}

/**
 * Gives ids the bits that a model needs.
 * @param {{classes: readonly unknown[]}} model
 * @param {Labels} ids
 * @returns {Labels} `ids` itself if it has them, else a copy
 */
export function labelsOf(model, ids) {
  if (ids instanceof Uint16Array === isWide(model)) return ids;
  const labels = newLabels(model, ids.length);
  labels.set(ids);
  return labels;
}

/**
 * Allocates a map of the same type as another.
 * @template {Labels} M
 * @param {M} map
 * @param {number} length  in pixels
 * @returns {M} zeros
 */
export function mapLike(map, length = map.length) {
  return /** @type {M} */ (map instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length));
}

/** @param {Labels} map @returns {number} the number of ids it can hold */
export const idCount = (map) => (map instanceof Uint16Array ? 65536 : 256);

/**
 * Makes a mask from a test of each pixel.
 * @param {Labels} map
 * @param {(id: number, index: number) => boolean} inside
 * @returns {Uint8Array} 1 where `inside` is true, else 0
 */
export const maskOf = (map, inside) => Uint8Array.from(map, (id, i) => Number(inside(id, i)));

/**
 * Resizes a map by nearest neighbor.
 * @template {Labels} M
 * @param {M} map
 * @param {number} width
 * @param {number} height
 * @param {number} newWidth
 * @param {number} newHeight
 * @returns {M} a new map; all its values occur in `map`
 */
export function resizeNearest(map, width, height, newWidth, newHeight) {
  if (width === newWidth && height === newHeight) return /** @type {M} */ (map.slice());
  const out = mapLike(map, newWidth * newHeight);
  for (let y = 0; y < newHeight; y++) {
    const row = Math.floor(((y + 0.5) * height) / newHeight) * width;
    for (let x = 0; x < newWidth; x++) {
      out[y * newWidth + x] = map[row + Math.floor(((x + 0.5) * width) / newWidth)];
    }
  }
  return out;
}

/**
 * Finds the connected area around a pixel.
 * @param {Labels} map
 * @param {number} width
 * @param {number} start  an index into the map
 * @param {Uint8Array} [mask]  to add to, of the map's length
 * @returns {Uint8Array} 1 on the 4-connected area of one id around `start`, else 0
 */
export function connected(map, width, start, mask = new Uint8Array(map.length)) {
  const id = map[start];
  const last = map.length - width;
  const stack = [start];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (mask[at]) continue;
    const row = at - (at % width);
    let left = at;
    let right = at;
    while (left > row && map[left - 1] === id) left--;
    while (right < row + width - 1 && map[right + 1] === id) right++;
    for (let i = left; i <= right; i++) {
      mask[i] = 1;
      // Of each run above and below, the last pixel is enough.
      if (row > 0 && map[i - width] === id && !mask[i - width] && (i === right || map[i - width + 1] !== id)) {
        stack.push(i - width);
      }
      if (row < last && map[i + width] === id && !mask[i + width] && (i === right || map[i + width + 1] !== id)) {
        stack.push(i + width);
      }
    }
  }
  return mask;
}

/**
 * Counts the pixels of each id.
 * @param {Labels} map
 * @returns {Uint32Array} [256 or 65536]
 */
export function tally(map) {
  const counts = new Uint32Array(idCount(map));
  for (const id of map) counts[id]++;
  return counts;
}

/**
 * Finds the bounding box of all differences.
 * @param {Labels} before
 * @param {Labels} now  of the same length
 * @param {number} width
 * @returns {Rectangle|null} null if the maps are equal
 */
export function difference(before, now, width) {
  let [left, right, top, bottom] = [width, -1, -1, -1];
  for (let y = 0, row = 0; row < now.length; y++, row += width) {
    let x = 0;
    while (x < width && now[row + x] === before[row + x]) x++;
    if (x === width) continue;
    if (top < 0) top = y;
    bottom = y;
    if (x < left) left = x;
    for (x = width - 1; x > right && now[row + x] === before[row + x]; x--);
    if (x > right) right = x;
  }
  return top < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * Copies a rectangle out of a map.
 * @template {Labels} M
 * @param {M} map
 * @param {number} width  of the map
 * @param {Rectangle} part
 * @returns {M} row by row
 */
export function cut(map, width, part) {
  const out = mapLike(map, part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const start = (part.top + y) * width + part.left;
    out.set(map.subarray(start, start + part.width), y * part.width);
  }
  return out;
}
