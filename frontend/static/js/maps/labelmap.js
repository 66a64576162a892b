/**
 * Label maps and region maps: an id a pixel, row after row. Ids have 8 bits, those of models of more than 256 classes 16.
 * @typedef {import('../base/types.js').Labels} Labels
 */

/** @typedef {{left: number, top: number, width: number, height: number}} Rectangle  whole pixels */

/** @param {{classes: readonly unknown[]}} model  whether its ids have 16 bits */
export const isWide = ({ classes }) => classes.length > 256;

/**
 * @param {{classes: readonly unknown[]}|null} model
 * @param {number} length
 * @returns {Labels} of zeros, as wide as the ids of the model
 */
export function newLabels(model, length) {
  return model && isWide(model) ? new Uint16Array(length) : new Uint8Array(length);
}

/**
 * @template {Labels} M
 * @param {M} map
 * @param {number} length
 * @returns {M} of zeros, with ids as wide as those of `map`
 */
export function mapLike(map, length = map.length) {
  return /** @type {M} */ (map instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length));
}

/** @param {Labels} map  how many ids fit into it */
export const idCount = (map) => (map instanceof Uint16Array ? 65536 : 256);

/**
 * @param {Labels} map
 * @param {(id: number, index: number) => boolean} inside
 * @returns {Uint8Array} 1 where `inside` holds, else 0
 */
export const maskOf = (map, inside) => Uint8Array.from(map, (id, i) => Number(inside(id, i)));

/**
 * @template {Labels} M
 * @param {M} map
 * @param {number} width
 * @param {number} height
 * @param {number} newWidth
 * @param {number} newHeight
 * @returns {M} nearest neighbor: every value occurs in `map`
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
 * @param {Labels} map
 * @param {number} width
 * @param {number} start  an index into the map
 * @param {Uint8Array} [mask]  to add to, as long as the map
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
 * @param {Labels} map
 * @returns {Uint32Array} [256 or 65536] how many pixels each id has
 */
export function tally(map) {
  const counts = new Uint32Array(idCount(map));
  for (const id of map) counts[id]++;
  return counts;
}

/**
 * @param {Labels} before
 * @param {Labels} now  as long
 * @param {number} width
 * @returns {Rectangle|null} around all that differs
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
 * @template {Labels} M
 * @param {M} map
 * @param {number} width  of the map
 * @param {Rectangle} part
 * @returns {M} row after row
 */
export function cut(map, width, part) {
  const out = mapLike(map, part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const start = (part.top + y) * width + part.left;
    out.set(map.subarray(start, start + part.width), y * part.width);
  }
  return out;
}
