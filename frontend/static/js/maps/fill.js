/** Flood fill that does not leak through small gaps. */
import { connected } from './labelmap.js';

/**
 * Finds the area to fill: the pixels of one id around `start` that a square wider than the gap can reach. Corners too
 * narrow for the square go to the nearer of this area and the areas beyond the gaps. If no such square fits at `start`,
 * a smaller one is tried.
 * @param {import('../base/types.js').Labels} map
 * @param {number} width
 * @param {number} start  an index into the map
 * @param {number} gap  the widest gap, in pixels, that the fill does not pass; 0: none
 * @returns {Uint8Array} 1 inside, else 0
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
 * @returns {Uint8Array} 1 at the upper left corner of every square that lies inside the area
 */
function erode(area, width, side) {
  const out = new Uint8Array(area.length);
  /** The number of rows, from here down, with at least `side` pixels to the right. */
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
 * @param {Uint8Array} corners  as returned by `erode`
 * @param {number} width
 * @param {number} side
 * @returns {Uint8Array} 1 inside their squares
 */
function dilate(corners, width, side) {
  const out = new Uint8Array(corners.length);
  /** How many more rows of each column are covered. */
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
 * Grows two parts of an area over the rest of it, one pixel per step.
 * @param {Uint8Array} area
 * @param {number} width
 * @param {Uint8Array} mine
 * @param {Uint8Array} theirs
 * @param {number} steps  at most
 * @returns {Uint8Array} 1 on the first part once both have grown
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
