/**
 * The difference of two maps of equal length, as runs of XORed values. XOR is its own inverse, so the same delta serves
 * undo and redo.
 */
/** @typedef {import('../base/types.js').Delta} Delta */
import { bytesOf, concat } from '../base/bytes.js';
import { mapLike } from './labelmap.js';

/**
 * Computes the delta of two maps.
 * @param {import('../base/types.js').Labels} before
 * @param {import('../base/types.js').Labels} after
 * @returns {Delta|null} null if nothing changed
 */
export function diff(before, after) {
  /** @type {number[]} */
  const starts = [];
  /** @type {number[]} */
  const ends = [];
  let changed = 0;
  for (let i = 0; i < after.length; i++) {
    if (before[i] === after[i]) continue;
    const start = i;
    while (i < after.length && before[i] !== after[i]) i++;
    starts.push(start);
    ends.push(i);
    changed += i - start;
  }
  if (changed === 0) return null;

  const bits = mapLike(after, changed);
  let at = 0;
  starts.forEach((start, run) => {
    for (let i = start; i < ends[run]; i++) bits[at++] = before[i] ^ after[i];
  });
  return { starts: Uint32Array.from(starts), ends: Uint32Array.from(ends), bits };
}

/**
 * Applies a delta in place: turns the map before into the map after, and back.
 * @param {import('../base/types.js').Labels} map
 * @param {Delta|null} delta
 */
export function flip(map, delta) {
  if (!delta) return;
  let at = 0;
  delta.starts.forEach((start, run) => {
    for (let i = start; i < delta.ends[run]; i++) map[i] ^= delta.bits[at++];
  });
}

/**
 * Serializes a delta.
 * @param {Delta} delta
 * @returns {Uint8Array} number of runs, their starts, their ends (32 bits each, little-endian), then 8 or 16 bits per pixel
 */
export function packDelta({ starts, ends, bits }) {
  return concat([Uint32Array.of(starts.length), starts, ends, bits].map(bytesOf));
}

/**
 * Reads what `packDelta` wrote.
 * @param {Uint8Array} bytes
 * @param {number} length  of the maps it is for, in pixels
 * @param {boolean} [wide]  whether their ids have 16 bits
 * @returns {Delta}
 * @throws {RangeError} if it does not fit such maps
 */
export function unpackDelta(bytes, length, wide = false) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const runs = view.getUint32(0, true);
  /** @param {number} first */
  const numbers = (first) => Uint32Array.from({ length: runs }, (_, run) => view.getUint32(4 * (first + run), true));
  if (8 * runs > bytes.length) throw new RangeError('It has fewer runs than it says.');
  const [starts, ends] = [numbers(1), numbers(1 + runs)];
  let changed = 0;
  starts.forEach((start, run) => {
    if (start < (ends[run - 1] ?? 0) || ends[run] <= start) throw new RangeError('Its runs are in no order.');
    changed += ends[run] - start;
  });
  const bits = bytes.slice(4 + 8 * runs);
  if (bits.length !== (wide ? 2 : 1) * changed || (ends.at(-1) ?? 0) > length) {
    throw new RangeError('It is for another map.');
  }
  return { starts, ends, bits: wide ? new Uint16Array(bits.buffer) : bits };
}
