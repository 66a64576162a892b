/** Pure functions on label maps: one byte a pixel, row after row, the value is the id. */

/** @typedef {{left: number, top: number, width: number, height: number}} Rectangle  whole pixels */

/**
 * @param {Uint8Array} map
 * @param {number} width
 * @param {number} height
 * @param {number} newWidth
 * @param {number} newHeight
 * @returns {Uint8Array} nearest neighbor: every value occurs in `map`
 */
export function resizeNearest(map, width, height, newWidth, newHeight) {
  if (width === newWidth && height === newHeight) return map.slice();
  const out = new Uint8Array(newWidth * newHeight);
  for (let y = 0; y < newHeight; y++) {
    const row = Math.floor(((y + 0.5) * height) / newHeight) * width;
    for (let x = 0; x < newWidth; x++) {
      out[y * newWidth + x] = map[row + Math.floor(((x + 0.5) * width) / newWidth)];
    }
  }
  return out;
}

/**
 * @param {Uint8Array} map
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
 * @param {Uint8Array} map
 * @returns {Uint32Array} [256] how many pixels each id has
 */
export function tally(map) {
  const counts = new Uint32Array(256);
  for (const id of map) counts[id]++;
  return counts;
}

/**
 * @param {Uint8Array} before
 * @param {Uint8Array} now  as long
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
 * @param {Uint8Array} map
 * @param {number} width  of the map
 * @param {Rectangle} part
 * @returns {Uint8Array} row after row
 */
export function cut(map, width, part) {
  const out = new Uint8Array(part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const start = (part.top + y) * width + part.left;
    out.set(map.subarray(start, start + part.width), y * part.width);
  }
  return out;
}
