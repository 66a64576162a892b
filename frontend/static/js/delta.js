/**
 * What changed between two equally long byte maps, as runs of XOR differences.
 * XOR undoes itself, so one delta serves undo and redo alike.
 * @typedef {{starts: Uint32Array, ends: Uint32Array, bits: Uint8Array}} Delta
 */

/**
 * @param {Uint8Array} before
 * @param {Uint8Array} after
 * @returns {Delta|null} null when nothing changed
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

  const bits = new Uint8Array(changed);
  let at = 0;
  starts.forEach((start, run) => {
    for (let i = start; i < ends[run]; i++) bits[at++] = before[i] ^ after[i];
  });
  return { starts: Uint32Array.from(starts), ends: Uint32Array.from(ends), bits };
}

/**
 * Carries `map` to the other side of `delta`, in place.
 * @param {Uint8Array} map
 * @param {Delta|null} delta
 */
export function flip(map, delta) {
  if (!delta) return;
  let at = 0;
  delta.starts.forEach((start, run) => {
    for (let i = start; i < delta.ends[run]; i++) map[i] ^= delta.bits[at++];
  });
}
