import assert from 'node:assert/strict';
import test from 'node:test';
import { diff, flip, packDelta, unpackDelta } from '../../../frontend/static/js/maps/delta.js';
import { randomBytes, seeded } from '../random.js';

/** @param {import('../random.js').Random} random @returns {Uint8Array[]} two maps that differ in a few runs */
function pair(random) {
  const before = randomBytes(random, 1 + random(300));
  const after = before.slice();
  for (let run = random(5); run >= 0; run--) {
    const start = random(before.length);
    after.set(randomBytes(random, Math.min(random(20), before.length - start)), start);
  }
  return [before, after];
}

test('a delta turns a map into the other and back, and so do its bytes', () => {
  const random = seeded(1);
  for (let run = 0; run < 300; run++) {
    const [before, after] = pair(random);
    const delta = diff(before, after);
    const same = before.every((id, i) => id === after[i]);
    assert.equal(delta === null, same, 'null if nothing changed');
    if (!delta) continue;
    delta.starts.forEach((start, i) => assert(start > (delta.ends[i - 1] ?? -1) && start < delta.ends[i]));
    // In the middle of a file it lies at any offset.
    const packed = packDelta(delta);
    const moved = new Uint8Array([9, ...packed]).subarray(1);
    for (const each of [delta, unpackDelta(moved, before.length)]) {
      const map = before.slice();
      flip(map, each);
      assert.deepEqual(map, after);
      flip(map, each);
      assert.deepEqual(map, before);
    }
  }
});

test('no delta changes nothing', () => {
  const map = Uint8Array.of(1, 2);
  flip(map, null);
  assert.deepEqual(map, Uint8Array.of(1, 2));
});

test('a delta of another map is refused, and so are damaged ones', () => {
  const random = seeded(2);
  for (let run = 0; run < 300; run++) {
    const [before, after] = pair(random);
    const delta = diff(before, after);
    if (!delta) continue;
    const packed = packDelta(delta);
    assert.throws(() => unpackDelta(packed, (delta.ends.at(-1) ?? 0) - 1), RangeError);
    assert.throws(() => unpackDelta(packed.subarray(0, random(packed.length)), before.length), RangeError);
    assert.throws(() => unpackDelta(new Uint8Array([...packed, 0]), before.length), RangeError);
    const damaged = packed.slice();
    damaged[random(4 + 8 * delta.starts.length)] ^= 1 << random(8);
    try {
      // What passes for a delta stays within the map.
      assert(unpackDelta(damaged, before.length).ends.every((end) => end <= before.length));
    } catch (error) {
      assert(error instanceof RangeError);
    }
  }
});

test('unordered runs are refused', () => {
  const bits = Uint8Array.of(1, 1);
  for (const { starts, ends } of [
    { starts: [4, 0], ends: [5, 1] },
    { starts: [0, 0], ends: [1, 1] },
    { starts: [3, 5], ends: [3, 7] },
  ]) {
    const packed = packDelta({ starts: Uint32Array.from(starts), ends: Uint32Array.from(ends), bits });
    assert.throws(() => unpackDelta(packed, 10), /in no order/);
  }
});
