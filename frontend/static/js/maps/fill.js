/** The area that a click fills, though its outline may have gaps. */
import { connected } from './labelmap.js';

/**
 * The area of one id around `start` as far as a square wider than the gap can be
 * slid through it, and its nooks: what is too narrow for the square falls to the
 * nearer of this area and those beyond. Where no square fits, a smaller one is taken.
 * @param {import('../base/types.js').Labels} map
 * @param {number} width
 * @param {number} start  an index into the map
 * @param {number} gap  0 or the widest gap in pixels that does not leak
 * @returns {Uint8Array} mask
 */
export function fillArea(map, width, start, gap) {
  const area = connected(map, width, start);
  for (let side = gap + 1; side > 1; side--) {
    const room = erode(area, width, side);
    const reached = new Uint8Array(map.length);
    const [x, y] = [start % width, Math.floor(start / width)];
    for (let top = Math.max(0, y - side + 1); top <= y; top++) {
      for (let left = Math.max(0, x - side + 1); left <= x; left++) {
        const corner = top * width + left;
        if (room[corner]) connected(room, width, corner, reached);
      }
    }
    if (!reached.includes(1)) continue;
    const beyond = room.map((fits, i) => fits & ~reached[i]);
    return share(area, width, dilate(reached, width, side), dilate(beyond, width, side), 2 * side);
  }
  return area;
}

/**
 * @param {Uint8Array} area
 * @param {number} width
 * @param {number} side
 * @returns {Uint8Array} 1 where the upper left corner of a square inside the area can be
 */
function erode(area, width, side) {
  const out = new Uint8Array(area.length);
  /** How many pixels in a row, from here to the right; and how many such rows. */
  const below = new Uint32Array(width);
  for (let row = area.length - width; row >= 0; row -= width) {
    let run = 0;
    for (let x = width - 1; x >= 0; x--) {
      run = area[row + x] ? run + 1 : 0;
      below[x] = run >= side ? below[x] + 1 : 0;
      if (below[x] >= side) out[row + x] = 1;
    }
  }
  return out;
}

/**
 * @param {Uint8Array} corners  as `erode` gives them
 * @param {number} width
 * @param {number} side
 * @returns {Uint8Array} 1 where their squares are
 */
function dilate(corners, width, side) {
  const out = new Uint8Array(corners.length);
  /** For how many more rows each column, and for how many more columns this row, is covered. */
  const down = new Int32Array(width);
  for (let row = 0; row < corners.length; row += width) {
    let right = 0;
    for (let x = 0; x < width; x++) {
      right = corners[row + x] ? side : right - 1;
      down[x] = right > 0 ? side : down[x] - 1;
      if (down[x] > 0) out[row + x] = 1;
    }
  }
  return out;
}

/**
 * Lets two parts of an area grow over the rest of it, pixel by pixel.
 * @param {Uint8Array} area
 * @param {number} width
 * @param {Uint8Array} mine
 * @param {Uint8Array} theirs
 * @param {number} steps  at most
 * @returns {Uint8Array} what is mine then
 */
function share(area, width, mine, theirs, steps) {
  const owner = mine.map((own, i) => (own ? 1 : theirs[i] ? 2 : 0));
  let front = [...owner.keys()].filter((i) => owner[i]);
  for (let step = 0; step < steps && front.length; step++) {
    /** @type {number[]} */
    const next = [];
    /** @type {(to: number, from: number) => void} */
    const take = (to, from) => {
      if (!area[to] || owner[to]) return;
      owner[to] = owner[from];
      next.push(to);
    };
    for (const i of front) {
      if (i % width > 0) take(i - 1, i);
      if (i % width < width - 1) take(i + 1, i);
      take(i - width, i);
      take(i + width, i);
    }
    front = next;
  }
  return owner.map((id) => (id === 1 ? 1 : 0));
}
