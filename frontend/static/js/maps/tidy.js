/** Smooths edges and removes specks. Results contain only ids of the input. */

/** @typedef {import('../base/types.js').Labels} Labels */
import { idCount } from './labelmap.js';

/** Rows and columns to each side that vote on a pixel. */
const REACH = 2;
/** A speck may join another speck, which takes a second round, rarely a third. */
const ROUNDS = 16;

/**
 * Majority filter: every pixel takes the most frequent id around it, and keeps its own in a tie.
 * @param {Labels} map
 * @param {number} width
 * @returns {Labels} a new map
 */
export function smooth(map, width) {
  const out = map.slice();
  const height = map.length / width;
  const votes = new Uint8Array(idCount(map));
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - REACH), Math.min(height - 1, y + REACH)];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - REACH), Math.min(width - 1, x + REACH)];
      for (let row = top * width; row <= bottom * width; row += width) {
        for (let i = row + left; i <= row + right; i++) votes[map[i]] = 0;
      }
      for (let row = top * width; row <= bottom * width; row += width) {
        for (let i = row + left; i <= row + right; i++) votes[map[i]]++;
      }
      let winner = map[y * width + x];
      if (votes[winner] === (bottom - top + 1) * (right - left + 1)) continue;
      for (let row = top * width; row <= bottom * width; row += width) {
        for (let i = row + left; i <= row + right; i++) if (votes[map[i]] > votes[winner]) winner = map[i];
      }
      out[y * width + x] = winner;
    }
  }
  return out;
}

/**
 * Replaces connected areas of fewer than `least` pixels by the id most frequent along their border.
 * @param {Labels} map
 * @param {number} width
 * @param {number} least
 * @param {(index: number) => boolean} free  whether a pixel may change; areas with one that may not are left alone
 * @returns {Labels} a new map
 */
export function removeSpecks(map, width, least, free) {
  const out = map.slice();
  for (let round = 0, found = true; found && round < ROUNDS; round++) {
    found = false;
    for (const area of areas(out.slice(), width)) {
      if (area.length >= least || !area.every(free)) continue;
      const id = surrounding(out, width, area);
      if (id === null) continue;
      for (const i of area) out[i] = id;
      found = true;
    }
  }
  return out;
}

/**
 * @param {Labels} map
 * @param {number} width
 * @returns {Generator<number[]>} the indices of every 4-connected area of one id
 */
function* areas(map, width) {
  const seen = new Uint8Array(map.length);
  for (let start = 0; start < map.length; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const area = [start];
    for (const at of area) {
      for (const i of around(at, width, map.length)) {
        if (seen[i] || map[i] !== map[start]) continue;
        seen[i] = 1;
        area.push(i);
      }
    }
    yield area;
  }
}

/**
 * @param {Labels} map
 * @param {number} width
 * @param {number[]} area  of one id
 * @returns {number|null} the most frequent id along its border
 */
function surrounding(map, width, area) {
  /** @type {Map<number, number>} */
  const votes = new Map();
  for (const at of area) {
    for (const i of around(at, width, map.length)) {
      if (map[i] !== map[at]) votes.set(map[i], (votes.get(map[i]) ?? 0) + 1);
    }
  }
  const [first] = [...votes].sort(([a, most], [b, other]) => other - most || a - b);
  return first?.[0] ?? null;
}

/**
 * @param {number} at
 * @param {number} width
 * @param {number} length  of the map
 * @returns {number[]} the 4-connected neighbors
 */
function around(at, width, length) {
  const x = at % width;
  const beside = [at - width, at + width, x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1];
  return beside.filter((i) => i >= 0 && i < length);
}
